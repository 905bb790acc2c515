using AgentFunctions.Conformance.Stores;

namespace AgentFunctions.App.Tests.Storage.Azurite;

/// <summary>This class runs its contract against Azurite.</summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class NeedsAzuriteAttribute : NeedsAttribute
{
    public override string? WhyNot => AzuriteAtHand.WhyNot;
}
