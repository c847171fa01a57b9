using MtlHybrid.Bindings;

namespace MtlHybrid.Engine;

// What the device did, and when.
public sealed unsafe partial class Device
{
    /// <summary>The most events that a trace can have room for.</summary>
    public const int MostTraceEvents = 1 << 26;

    /// <summary>From now on records what the networks on this device do; predictors are left out. Results do not change.</summary>
    /// <param name="mostEvents">1 to <see cref="MostTraceEvents"/>, about 64 bytes each; the latest are kept.</param>
    /// <exception cref="EngineException">The number is outside its range, or memory could not be had.</exception>
    public void StartTrace(int mostEvents)
    {
        using var context = new HandleLease(Handle, this);
        NativeCore.Check(NativeMethods.mtl_context_start_trace((mtl_context*)context.Pointer, mostEvents));
    }

    /// <summary>Ends the trace.</summary>
    /// <returns>What was recorded; empty without a trace.</returns>
    public DeviceTrace StopTrace()
    {
        using var lease = new HandleLease(Handle, this);
        var context = (mtl_context*)lease.Pointer;
        NativeCore.Check(NativeMethods.mtl_context_stop_trace(context));
        long count, dropped;
        NativeCore.Check(NativeMethods.mtl_context_trace_count(context, &count, &dropped));
        var events = new TraceEvent[count];
        var names = new Dictionary<nint, string>();
        for (int i = 0; i < events.Length; i++)
        {
            mtl_trace_event native;
            NativeMethods.mtl_trace_event_init(&native);
            NativeCore.Check(NativeMethods.mtl_context_trace_event(context, i, &native));
            // There are few names, and they stay where they are.
            if (!names.TryGetValue((nint)native.name, out string? name)) names[(nint)native.name] = name = NativeCore.Text(native.name);
            events[i] = new TraceEvent(
                (TraceKind)native.kind, name, native.start, native.duration, native.thread, native.index, native.tasks);
        }

        return new DeviceTrace(events, dropped);
    }
}
