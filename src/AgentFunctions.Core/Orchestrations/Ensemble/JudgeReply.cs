using System.Globalization;
using System.Text.RegularExpressions;

namespace AgentFunctions.Core.Orchestrations.Ensemble;

/// <summary>A judge's reply, read strictly: a number of a candidate, or a score for each. Pure.</summary>
/// <param name="Best">The candidates that are best, as places from 0: one, or several of equal score. None where the reply is not valid.</param>
/// <param name="Scores">The scores in the order of the candidates, where scores were asked for.</param>
/// <param name="Fault">What is wrong with the reply, or null where it is valid.</param>
internal sealed record JudgeReply(IReadOnlyList<int> Best, IReadOnlyList<double>? Scores, string? Fault)
{
    private const int Shown = 80;
    private const RegexOptions Linear = RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.NonBacktracking;
    private static readonly Regex ChoiceForm = new(@"\A\s*(?:candidate\s+)?(?<n>[0-9]{1,3})\.?\s*\z", Linear);
    private static readonly Regex ScoreForm = new(@"\A(?:candidate\s+)?(?<n>[0-9]{1,3})\s*[:=]\s*(?<score>[0-9]{1,2}(?:\.[0-9]{1,6})?)\z", Linear);

    /// <summary>Reads the number of the best candidate.</summary>
    public static JudgeReply Choice(string reply, int candidates)
    {
        var match = ChoiceForm.Match(reply);
        return match.Success && int.TryParse(match.Groups["n"].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= 1 && number <= candidates
            ? new([number - 1], null, null)
            : Wrong(reply, string.Create(CultureInfo.InvariantCulture, $"is not one number from 1 to {candidates}"));
    }

    /// <summary>Reads a score for each candidate.</summary>
    public static JudgeReply Scored(string reply, int candidates)
    {
        var scores = new double?[candidates];
        foreach (var line in reply.ReplaceLineEndings("\n").Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            var match = ScoreForm.Match(line);
            if (!match.Success
                || !int.TryParse(match.Groups["n"].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture, out var number) || number < 1 || number > candidates
                || !double.TryParse(match.Groups["score"].ValueSpan, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var score) || score > 10)
            {
                return Wrong(line, string.Create(CultureInfo.InvariantCulture, $"is no line 'number: score' with a number from 1 to {candidates} and a score from 0 to 10"));
            }

            if (scores[number - 1] is not null) return Wrong(line, "is the second score of its candidate");
            scores[number - 1] = score;
        }

        if (Array.FindIndex(scores, score => score is null) is var missing && missing >= 0) return Wrong(reply, string.Create(CultureInfo.InvariantCulture, $"has no score for candidate {missing + 1}"));
        double[] all = [.. scores.Select(score => score!.Value)];
        var highest = all.Max();
        return new([.. Enumerable.Range(0, candidates).Where(place => all[place].Equals(highest))], all, null);
    }

    private static JudgeReply Wrong(string text, string what) => new([], null, $"'{(text.Length <= Shown ? text : text[..Shown] + "…").ReplaceLineEndings(" ")}' {what}.");
}
