using AgentFunctions.Core.Policies.Semantics.Lexicon;

namespace AgentFunctions.Core.Policies.Semantics;

/// <summary>
/// How alike two questions are. The guard: all kept words must be the same in the same order, and no word may stand where the other question has another one; then there is no score at all. The score: 1 less what differs,
/// weighted by how rare the words are. Words with the same meaning cost little; a known word that only one question has costs so much that only a tenant whose feedback allows it gets a hit. Pure; the order of the two does not matter.
/// </summary>
internal static class Likeness
{
    /// <summary>No two questions score more, when a word of one is missing in the other.</summary>
    public const double MostWithMissingWord = 0.84;

    /// <summary>What a word in another form or a synonym costs, in thousandths of its weight.</summary>
    private const int OtherWord = 40;

    /// <summary>What a soft word that the other question lacks costs.</summary>
    private const int SoftWord = 30;

    /// <summary>What it costs, in hundredths of all, that a part stands first in one and last in the other.</summary>
    private const int Turned = 3;

    private const int Never = int.MaxValue / 4;

    /// <summary>The score, 0 to 1; null where the guard refuses.</summary>
    /// <param name="one">A question.</param>
    /// <param name="other">Another one.</param>
    /// <param name="weight">A term's weight, 1 to 1,000: the rarer, the more.</param>
    public static double? Of(Meaning one, Meaning other, Func<Term, int> weight)
    {
        if (one.Exact == other.Exact) return 1;
        if (!one.IsUnderstood || !other.IsUnderstood || one.Kept != other.Kept) return null;
        Term[] a = [.. one.Terms], b = [.. other.Terms];
        int[] x = [.. a.Select(weight)], y = [.. b.Select(weight)];
        var total = Total(a, x) + Total(b, y);
        var cost = Cost(a, x, b, y, Missing.None);
        if (cost >= Never)
        {
            cost = Math.Min(TurnedCost(a, x, b, y), TurnedCost(b, y, a, x));
            if (cost < Never) cost += total * Turned / 100;
        }

        if (cost < Never) return Math.Max(0.0, 1 - ((double)cost / total));
        cost = Math.Min(Cost(a, x, b, y, Missing.InSecond), Cost(a, x, b, y, Missing.InFirst));
        return cost >= Never ? null : Math.Max(0.0, (1 - ((double)cost / total)) * MostWithMissingWord);
    }

    private static int Total(Term[] terms, int[] weights)
    {
        var total = 0;
        for (var i = 0; i < terms.Length; i++)
        {
            if (terms[i].Kind != TermKind.Soft) total += weights[i];
        }

        return total;
    }

    /// <summary>The least cost to go through both in step.</summary>
    private static int Cost(Term[] a, int[] x, Term[] b, int[] y, Missing missing)
    {
        var previous = new int[b.Length + 1];
        var current = new int[b.Length + 1];
        for (var i = 0; i <= a.Length; i++)
        {
            for (var j = 0; j <= b.Length; j++)
            {
                if (i == 0 && j == 0)
                {
                    current[0] = 0;
                    continue;
                }

                var best = Never;
                if (i > 0) best = Math.Min(best, previous[j] + Skip(a[i - 1], x[i - 1], missing == Missing.InSecond));
                if (j > 0) best = Math.Min(best, current[j - 1] + Skip(b[j - 1], y[j - 1], missing == Missing.InFirst));
                if (i > 0 && j > 0) best = Math.Min(best, previous[j - 1] + Match(a[i - 1], x[i - 1], b[j - 1], y[j - 1]));
                current[j] = Math.Min(best, Never);
            }

            (previous, current) = (current, previous);
        }

        return previous[b.Length];
    }

    private static int Skip(Term term, int weight, bool allowed) => term.Kind switch
    {
        TermKind.Soft => SoftWord,
        TermKind.Content when allowed => weight,
        _ => Never,
    };

    private static int Match(Term a, int x, Term b, int y)
    {
        if (a.Hash != b.Hash || a.Class != b.Class) return Never;
        return a.Surface == b.Surface || (a.Kind != TermKind.Content && a.Class != "?how") ? 0 : Math.Max(1, (x + y) * OtherWord / 1000);
    }

    /// <summary>"In Spain, how do I vote" is "how do I vote in Spain".</summary>
    private static int TurnedCost(Term[] a, int[] x, Term[] b, int[] y)
    {
        if (!Grammar.Openers.Contains(b[0].Class)) return Never;
        var best = Never;
        for (var k = 2; k < b.Length; k++)
        {
            if (b[k].Class == a[0].Class) best = Math.Min(best, Cost(a, x, [.. b[k..], .. b[..k]], [.. y[k..], .. y[..k]], Missing.None));
        }

        return best;
    }

    private enum Missing
    {
        None,
        InFirst,
        InSecond,
    }
}
