using MtlHybrid.Bindings;

namespace MtlHybrid.Engine;

/// <summary>What a <see cref="TraceEvent"/> is about.</summary>
public enum TraceKind
{
    /// <summary>One call on a network: "begin_batch", "group" (a group update), "weighted_step", "measure", "evaluate", ...</summary>
    Call = mtl_trace_kind.MTL_TRACE_CALL,

    /// <summary>A part of a call: "forward", "losses", "backward", "affinity", "step".</summary>
    Phase = mtl_trace_kind.MTL_TRACE_PHASE,

    /// <summary>An op within forward or backward, by its class: "linear", "layer_norm", ...</summary>
    Op = mtl_trace_kind.MTL_TRACE_OP,
}
