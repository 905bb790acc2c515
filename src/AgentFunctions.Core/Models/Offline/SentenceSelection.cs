using System.Text;
using AgentFunctions.Core.Policies;

namespace AgentFunctions.Core.Models.Offline;

/// <summary>
/// Picks sentences one by one, each the best that fits and adds something: maximal marginal relevance (Carbonell and Goldstein, 1998), with
/// a fair share for each part of the prompt. The extract keeps the order of the text.
/// </summary>
internal static class SentenceSelection
{
    /// <summary>What likeness to a picked sentence costs, in units of score.</summary>
    private const float Redundancy = 0.5f;

    /// <summary>From this cosine on two sentences say the same.</summary>
    private const float SameThing = 0.6f;

    /// <summary>What each sentence that a part already has takes off its next one.</summary>
    private const float PartShare = 0.3f;

    public static OfflineAnswer Select(IReadOnlyList<SourceSentence> sentences, string task, ModelPurpose purpose, int maxTokens, CancellationToken cancellationToken)
    {
        if (sentences.Count == 0) return new("");
        var budget = Math.Max(1, Math.Min(maxTokens, Target(purpose, sentences.Sum(sentence => TokenEstimate.Count(sentence.Text)))));
        var scores = SentenceScores.Of(sentences, task, cancellationToken);
        var picked = Pick(sentences, scores, budget, purpose);
        if (picked.Count > 0) return new(Join(sentences, picked));

        // Not even one fits: a part of the best is all that can be had.
        var best = scores.Chosen[scores.Scores.Index().MaxBy(entry => entry.Item).Index];
        return new(CutToFit(sentences[best].Text, budget), CutOff: true);
    }

    /// <summary>How long an extract should be, in tokens, for a text of this length.</summary>
    private static int Target(ModelPurpose purpose, int textTokens) => purpose switch
    {
        ModelPurpose.Combine => Math.Clamp(textTokens / 4, 120, 320),
        ModelPurpose.Summarize => Math.Clamp(textTokens / 8, 90, 240),
        _ => 160,
    };

    private static List<int> Pick(IReadOnlyList<SourceSentence> sentences, SentenceScores scores, int budget, ModelPurpose purpose)
    {
        var parts = new Dictionary<int, int>();
        var likeness = new float[scores.Chosen.Count];
        var open = Enumerable.Range(0, scores.Chosen.Count).ToList();
        var severalParts = sentences[^1].Part > 0;
        // An answer stops where what is left is far worse than what it has; a summary fills its length.
        var floor = purpose == ModelPurpose.Answer ? 0.5f * scores.Scores.Max() : 0;
        List<int> picked = [];
        var used = 0;
        while (open.Count > 0)
        {
            var best = open.MaxBy(Value);
            if (Value(best) <= 0 || scores.Scores[best] < floor) break;
            open.Remove(best);
            var index = scores.Chosen[best];
            var tokens = TokenEstimate.Count(sentences[index].Text) + 1;
            if (used + tokens > budget + 1) continue;
            used += tokens;
            picked.Add(index);
            parts[sentences[index].Part] = parts.GetValueOrDefault(sentences[index].Part) + 1;
            foreach (var other in open) likeness[other] = Math.Max(likeness[other], scores.Vectors.Cosine(index, scores.Chosen[other]));
            open.RemoveAll(other => likeness[other] >= SameThing);
        }

        picked.Sort();
        return picked;

        float Value(int i)
        {
            var taken = severalParts ? parts.GetValueOrDefault(sentences[scores.Chosen[i]].Part) : 0;
            return (scores.Scores[i] / (1 + (PartShare * taken))) - (Redundancy * likeness[i] * scores.Scores[i]);
        }
    }

    private static string Join(IReadOnlyList<SourceSentence> sentences, List<int> picked)
    {
        var text = new StringBuilder();
        for (var i = 0; i < picked.Count; i++)
        {
            if (i > 0) text.Append(sentences[picked[i]].Part == sentences[picked[i - 1]].Part ? " " : "\n\n");
            text.Append(sentences[picked[i]].Text);
        }

        return text.ToString();
    }

    private static string CutToFit(string sentence, int budget)
    {
        var fits = 0;
        for (var end = 1; end <= sentence.Length && TokenEstimate.Count(sentence.AsSpan(0, end)) < budget; end++)
        {
            if (end == sentence.Length || char.IsWhiteSpace(sentence[end])) fits = end;
        }

        if (fits == 0) fits = Math.Min(sentence.Length, Math.Max(1, (budget - 1) * 2));
        if (char.IsHighSurrogate(sentence[fits - 1])) fits = Math.Min(sentence.Length, fits + 1);
        return fits == sentence.Length ? sentence : sentence[..fits].TrimEnd(' ', ',', ';', ':') + "…";
    }
}
