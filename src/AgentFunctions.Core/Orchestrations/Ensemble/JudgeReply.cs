using System.Globalization;
using AgentFunctions.Core.Policies;

namespace AgentFunctions.Core.Orchestrations.Ensemble;

/// <summary>A judge's reply, read strictly: a number of a candidate, or a score for each. Pure.</summary>
/// <param name="Best">The candidates that are best, as places from 0: one, or several of equal score. None where the reply is not valid.</param>
/// <param name="Scores">The scores in the order of the candidates, where scores were asked for.</param>
/// <param name="Fault">What is wrong with the reply, or null where it is valid.</param>
internal sealed record JudgeReply(IReadOnlyList<int> Best, IReadOnlyList<double>? Scores, string? Fault)
{
    private const int Shown = 80;

    /// <summary>Reads the number of the best candidate.</summary>
    public static JudgeReply Choice(string reply, int candidates)
    {
        var number = reply.AsSpan().Trim();
        return Candidate(number is [.. var digits, '.'] ? digits : number, candidates) is { } place
            ? new([place], null, null)
            : Wrong(reply, string.Create(CultureInfo.InvariantCulture, $"is not one number from 1 to {candidates}"));
    }

    /// <summary>Reads a score for each candidate.</summary>
    public static JudgeReply Scored(string reply, int candidates)
    {
        var scores = new double?[candidates];
        foreach (var line in reply.ReplaceLineEndings("\n").Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            var colon = line.AsSpan().IndexOfAny(':', '=');
            if (colon < 0
                || Candidate(line.AsSpan(0, colon).TrimEnd(), candidates) is not { } place
                || !double.TryParse(line.AsSpan(colon + 1).TrimStart(), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var score) || score > 10)
            {
                return Wrong(line, string.Create(CultureInfo.InvariantCulture, $"is no line 'number: score' with a number from 1 to {candidates} and a score from 0 to 10"));
            }

            if (scores[place] is not null) return Wrong(line, "is the second score of its candidate");
            scores[place] = score;
        }

        if (Array.FindIndex(scores, score => score is null) is var missing && missing >= 0) return Wrong(reply, string.Create(CultureInfo.InvariantCulture, $"has no score for candidate {missing + 1}"));
        double[] all = [.. scores.Select(score => score!.Value)];
        var highest = all.Max();
        return new([.. Enumerable.Range(0, candidates).Where(place => all[place].Equals(highest))], all, null);
    }

    /// <summary>A candidate's place from 0, by its number from 1, with or without the word.</summary>
    private static int? Candidate(ReadOnlySpan<char> text, int candidates)
    {
        const string Word = "candidate ";
        var digits = text.StartsWith(Word, StringComparison.OrdinalIgnoreCase) ? text[Word.Length..].TrimStart() : text;
        return int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= 1 && number <= candidates ? number - 1 : null;
    }

    private static JudgeReply Wrong(string text, string what) => new([], null, $"'{text.Shortened(Shown).ReplaceLineEndings(" ")}' {what}.");
}
