using System.Text.RegularExpressions;
using AgentFunctions.Core.Tools.Schemas;

namespace AgentFunctions.Core.Policies.Routing;

/// <summary>Finds what is wrong with a check. Pure.</summary>
public static class AnswerCheckRules
{
    private const int LongestPattern = 2000;
    private const int MostCharacters = 1_000_000;
    private const int LongestText = 200;
    private const int MostLabels = 1000;
    private const int MostPhrases = 100;

    /// <summary>Everything that is wrong, each with its name, its value and what it may be.</summary>
    /// <param name="check">The check.</param>
    /// <param name="path">Where the check is in its input, such as <c>accept</c>.</param>
    public static IEnumerable<string> Errors(AnswerCheck check, string path)
    {
        ArgumentNullException.ThrowIfNull(check);
        if (check is { Schema: null, Labels: null, Pattern: null, MinCharacters: null, MaxCharacters: null, NoRefusal: false, MustNotContain: null, MustCite: false, Sources: null })
        {
            yield return $"{path} says nothing of the answer. Set at least one of schema, labels, pattern, minCharacters, maxCharacters, noRefusal, mustNotContain and mustCite, or leave it out.";
        }

        if (check.Schema is { } schema && Fault(() => JsonValueSchema.Compile(schema)) is { } wrong) yield return $"{path}.schema can't be used: {wrong}";
        if (check.Pattern is { } pattern && PatternFault(pattern) is { } fault) yield return $"{path}.pattern {fault}";
        if (check.MinCharacters is < 1 or > MostCharacters) yield return $"{path}.minCharacters is {check.MinCharacters}. Set it to between 1 and 1,000,000.";
        if (check.MaxCharacters is < 1 or > MostCharacters) yield return $"{path}.maxCharacters is {check.MaxCharacters}. Set it to between 1 and 1,000,000.";
        if (check.MinCharacters > check.MaxCharacters) yield return $"{path}.minCharacters is {check.MinCharacters}, above maxCharacters, which is {check.MaxCharacters}. Set it to at most that.";
        if (check.Sources is not null && !check.MustCite) yield return $"{path}.sources is set, but mustCite is not, so they would not be asked for. Set mustCite too.";
        foreach (var error in Texts("labels", check.Labels, MostLabels).Concat(Texts("mustNotContain", check.MustNotContain, MostPhrases)).Concat(Texts("sources", check.Sources, MostLabels))) yield return error;

        IEnumerable<string> Texts(string name, IReadOnlyList<string>? texts, int most)
        {
            if (texts is null) yield break;
            if (texts.Count < 1 || texts.Count > most) yield return $"{path}.{name} has {texts.Count} entries. Set 1 to {most}.";
            for (var i = 0; i < texts.Count; i++)
            {
                if (string.IsNullOrWhiteSpace(texts[i]) || texts[i].Length > LongestText) yield return $"{path}.{name}[{i}] is '{texts[i]?.Shortened(50)}'. Set 1 to {LongestText} characters that are not all white space.";
            }
        }
    }

    private static string? PatternFault(string pattern) => pattern.Length is 0 or > LongestPattern
        ? $"has {pattern.Length} characters. Set 1 to 2,000."
        : Fault(() => AnswerChecker.Compile(pattern)) is { } wrong ? $"is '{pattern.Shortened(100)}', which is no regular expression: {wrong}" : null;

    private static string? Fault(Action compile)
    {
        try
        {
            compile();
            return null;
        }
        catch (Exception wrong) when (wrong is SchemaException or RegexParseException)
        {
            return wrong.Message;
        }
    }
}
