namespace AgentFunctions.Core.Policies.Routing;

/// <summary>How the tier of a call that leaves the choice to us is found, where its purpose is an answer. Steps of other purposes go by rule: how hard they are is known by their kind.</summary>
public enum RoutingStrategy
{
    /// <summary>By the purpose alone.</summary>
    Rules,

    /// <summary>By <see cref="ComplexityScore"/>: no call is made for it.</summary>
    Complexity,

    /// <summary>A cheap model is asked how hard the request is; where that fails, the rules.</summary>
    Model,
}

/// <summary>In which order tiers stand in for one that refuses or fails.</summary>
public enum FallbackOrder
{
    /// <summary>The next higher ones first, then the lower ones: dearer before worse.</summary>
    UpThenDown,

    /// <summary>The next lower ones first, then the higher ones: worse before dearer.</summary>
    DownThenUp,

    /// <summary>Higher ones only.</summary>
    Up,

    /// <summary>Lower ones only.</summary>
    Down,

    /// <summary>None: only other models of the same tier, and chains.</summary>
    None,
}
