using System.Globalization;
using AgentFunctions.Core.Policies;

namespace AgentFunctions.Core.Orchestrations.SearchFusion;

/// <summary>Reads an order out of a model's answer. Pure.</summary>
internal static class HitOrder
{
    private static readonly char[] between = [',', ';', '>', ' ', '\t', '\r', '\n'];
    private static readonly char[] around = ['[', ']', '(', ')', '#', '.'];

    /// <summary>The places, from 0, in the order of the answer, then those that it leaves out in their own order; or why the answer does not fit.</summary>
    public static (IReadOnlyList<int> Places, string? Fault) Read(string answer, int count)
    {
        var places = new List<int>(count);
        var seen = new HashSet<int>();
        foreach (var word in answer.Split(between, StringSplitOptions.RemoveEmptyEntries).Select(word => word.Trim(around)).Where(word => word.Length > 0))
        {
            if (!int.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out var number)) return ([], $"'{word.Shortened(40)}' is no number");
            if (number < 1 || number > count) return ([], $"{number} is the number of no result; they have 1 to {count}");
            if (!seen.Add(number - 1)) return ([], $"it names {number} twice");
            places.Add(number - 1);
        }

        if (places.Count == 0) return ([], "it names no result");
        for (var place = 0; place < count; place++)
        {
            if (seen.Add(place)) places.Add(place);
        }

        return (places, null);
    }
}
