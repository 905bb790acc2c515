using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using AgentFunctions.Core.Policies.Voting;
using AgentFunctions.Core.Tools.Schemas;

namespace AgentFunctions.Core.Policies.Routing;

/// <summary>Checks answers by an <see cref="AnswerCheck"/>: the same answer is always judged alike. Pure, but for the time that a pattern may take.</summary>
public sealed partial class AnswerChecker
{
    private static readonly TimeSpan PatternTime = TimeSpan.FromMilliseconds(250);

    private readonly AnswerCheck check;
    private readonly JsonValueSchema? schema;
    private readonly Regex? pattern;
    private readonly HashSet<string>? labels;

    /// <summary>Makes a checker.</summary>
    /// <param name="check">The check; <see cref="AnswerCheckRules"/> finds nothing wrong with it.</param>
    /// <exception cref="SchemaException">Its schema can't be used.</exception>
    /// <exception cref="RegexParseException">Its pattern can't be used.</exception>
    public AnswerChecker(AnswerCheck check)
    {
        ArgumentNullException.ThrowIfNull(check);
        this.check = check;
        schema = check.Schema is { } given ? JsonValueSchema.Compile(given) : null;
        pattern = check.Pattern is { } expression ? Compile(expression) : null;
        labels = check.Labels?.Select(AnswerForm.Of).ToHashSet(StringComparer.Ordinal);
    }

    /// <summary>Why an answer is not accepted, or null where it is.</summary>
    /// <param name="answer">The answer.</param>
    public string? FaultOf(string answer)
    {
        ArgumentNullException.ThrowIfNull(answer);
        var text = answer.Trim();
        if (text.Length == 0) return "it has no text";
        if (text.Length < check.MinCharacters) return string.Create(CultureInfo.InvariantCulture, $"it has {text.Length} characters of at least {check.MinCharacters}");
        if (text.Length > check.MaxCharacters) return string.Create(CultureInfo.InvariantCulture, $"it has {text.Length} characters of at most {check.MaxCharacters}");
        if (labels is not null && !labels.Contains(AnswerForm.Of(text))) return $"'{text.Shortened(60)}' is none of the {labels.Count} labels";
        if (check.NoRefusal && RefusalPhrases.FindIn(text) is { } phrase) return $"it says '{phrase}'";
        if (check.MustNotContain?.FirstOrDefault(unwanted => text.Contains(unwanted, StringComparison.OrdinalIgnoreCase)) is { } found) return $"it contains '{found.Shortened(60)}'";
        if (check.MustCite && !Cites(text)) return check.Sources is null ? "it cites nothing" : "it cites none of the sources";
        return PatternFault(text) ?? SchemaFault(text);
    }

    internal static Regex Compile(string pattern) => new(pattern, RegexOptions.CultureInvariant, PatternTime);

    private bool Cites(string text) => check.Sources is { } sources
        ? sources.Any(source => text.Contains($"[{source}]", StringComparison.OrdinalIgnoreCase))
        : Citation().IsMatch(text);

    private string? PatternFault(string text)
    {
        try
        {
            return pattern is null || pattern.IsMatch(text) ? null : $"it does not match '{check.Pattern!.Shortened(60)}'";
        }
        catch (RegexMatchTimeoutException)
        {
            return $"to match it with '{check.Pattern!.Shortened(60)}' took more than {PatternTime.TotalMilliseconds.ToString(CultureInfo.InvariantCulture)} ms";
        }
    }

    private string? SchemaFault(string text)
    {
        if (schema is null) return null;
        try
        {
            return schema.Check(JsonElement.Parse(Unfenced(text))) is [var finding, ..] ? $"it does not fit the schema: {(finding.Path.Length == 0 ? "" : finding.Path + ": ")}{finding.Message}".Shortened(300) : null;
        }
        catch (JsonException wrong)
        {
            return $"it is no JSON: {wrong.Message}".Shortened(300);
        }
        catch (SchemaException wrong)
        {
            return $"it can't be checked: {wrong.Message}".Shortened(300);
        }
    }

    /// <summary>What is inside of a code fence that is all of the text.</summary>
    private static string Unfenced(string text) => Fence().Match(text) is { Success: true } fence ? fence.Groups["inside"].Value : text;

    [GeneratedRegex(@"\A```[A-Za-z]*[ \t]*\r?\n(?<inside>.*?)\r?\n?```\z", RegexOptions.Singleline | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 250)]
    private static partial Regex Fence();

    [GeneratedRegex(@"\[\d{1,4}\]|https?://\S", RegexOptions.ExplicitCapture | RegexOptions.IgnoreCase, matchTimeoutMilliseconds: 250)]
    private static partial Regex Citation();
}
