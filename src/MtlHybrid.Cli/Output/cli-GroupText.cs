using System.Text;
using MtlHybrid.Grouping;

namespace MtlHybrid.Cli.Output;

/// <summary>Groups of tasks in one line for people.</summary>
internal static class GroupText
{
    /// <summary>"{a, b} {c}", or as much of it as fits: "2 groups of 139 tasks: {a, b, ... 14 more} ... 8 more groups".</summary>
    /// <param name="groups">The groups.</param>
    /// <param name="names">Names of all tasks.</param>
    /// <param name="width">Letters that fit.</param>
    public static string Of(TaskGroups groups, IReadOnlyList<string> names, int width)
    {
        string all = groups.ToString(names);
        if (all.Length <= width) return all;
        var text = new StringBuilder($"{groups.Count} group{(groups.Count == 1 ? "" : "s")} of {names.Count} tasks:");
        for (int group = 0; group < groups.Count; group++)
        {
            string members = Members(groups[group], names, 24);
            int rest = groups.Count - group;
            if (text.Length + members.Length + 18 > width) return text.Append($" ... {rest} more").ToString();
            text.Append(' ').Append(members);
        }

        return text.ToString();
    }

    private static string Members(IReadOnlyList<int> members, IReadOnlyList<string> names, int width)
    {
        var text = new StringBuilder("{");
        for (int i = 0; i < members.Count; i++)
        {
            string name = names[members[i]];
            if (i > 0 && text.Length + name.Length > width) return text.Append($", +{members.Count - i}}}").ToString();
            text.Append(i > 0 ? ", " : "").Append(name);
        }

        return text.Append('}').ToString();
    }
}
