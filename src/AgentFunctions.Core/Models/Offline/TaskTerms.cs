using System.Text.RegularExpressions;

namespace AgentFunctions.Core.Models.Offline;

/// <summary>What a task asks for: its terms, and how much each counts.</summary>
internal static partial class TaskTerms
{
    /// <summary>What a word counts for that stands before "about": "What do the reports say about trade?" is about trade.</summary>
    private const float Aside = 0.3f;

    /// <summary>Reads them; the frame around a task ("You are given ... Task: ...") does not count.</summary>
    public static Dictionary<int, float> Read(string task, TextTerms terms)
    {
        var start = Marker().Matches(task) is { Count: > 0 } markers ? markers[^1].Index + markers[^1].Length : 0;
        var topic = Topic().Match(task, start);
        var weights = terms.Read(task.AsSpan(start), isTask: true).Distinct().ToDictionary(term => term, _ => topic.Success ? Aside : 1f);
        if (topic.Success)
        {
            foreach (var term in terms.Read(task.AsSpan(topic.Index), isTask: true)) weights[term] = 1;
        }

        return weights;
    }

    [GeneratedRegex(@"^[ \t]*(?:task|question|query|request)[ \t]*:", RegexOptions.Multiline | RegexOptions.IgnoreCase | RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 5000)]
    private static partial Regex Marker();

    [GeneratedRegex(@"\b(?:about|regarding|concerning|with regard to)\b", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 5000)]
    private static partial Regex Topic();
}
