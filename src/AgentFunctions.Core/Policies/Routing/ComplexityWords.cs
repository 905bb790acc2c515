using System.Collections.Frozen;

namespace AgentFunctions.Core.Policies.Routing;

/// <summary>The English words that <see cref="ComplexityScore"/> counts, in lower case.</summary>
internal static class ComplexityWords
{
    /// <summary>They ask for reasons, comparisons or plans, not for a fact.</summary>
    public static readonly FrozenSet<string> Reasoning = Set(
        "why how explain explains compare contrast analyse analyze analysis evaluate assess derive prove proof justify argue reason reasoning infer deduce design plan "
        + "optimise optimize debug diagnose refactor critique synthesise synthesize reconcile estimate forecast predict interpret trade-off trade-offs tradeoff tradeoffs "
        + "implications consequences strategy root hypothesis hypotheses prioritise prioritize recommend implement algorithm architecture");

    /// <summary>They bind the answer.</summary>
    public static readonly FrozenSet<string> Constraints = Set(
        "must only exactly without unless except never always least most should shall cannot required requires mandatory forbidden allowed limit limits within between maximum minimum each every both neither otherwise ensure avoid");

    /// <summary>They order steps.</summary>
    public static readonly FrozenSet<string> Steps = Set("first firstly second secondly third thirdly then next after afterwards before finally lastly step steps once until while");

    /// <summary>They join clauses.</summary>
    public static readonly FrozenSet<string> Conjunctions = Set("and or but because since although though however whereas therefore thus if whether so nor yet given assuming");

    private static FrozenSet<string> Set(string words) => words.Split(' ').ToFrozenSet(StringComparer.Ordinal);
}
