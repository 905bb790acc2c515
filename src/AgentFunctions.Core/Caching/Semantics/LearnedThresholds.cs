using AgentFunctions.Core.Policies.Semantics;

namespace AgentFunctions.Core.Caching.Semantics;

/// <summary>What each tenant's feedback has taught, for a bounded number of tenants. Safe for many callers.</summary>
internal sealed class LearnedThresholds(SemanticOptions options)
{
    private readonly Lock gate = new();
    private readonly Dictionary<string, Learned> tenants = new(StringComparer.Ordinal);
    private long clock;

    public double Of(string tenant) => Find(tenant)?.Threshold ?? options.Threshold;

    public bool IsWrong(string tenant, ulong pair) => Find(tenant)?.State.IsWrong(pair) == true;

    public FeedbackState StateOf(string tenant) => Find(tenant)?.State ?? FeedbackState.Empty;

    public double Change(string tenant, Func<FeedbackState, FeedbackState> change)
    {
        lock (gate)
        {
            var state = change(tenants.GetValueOrDefault(tenant)?.State ?? FeedbackState.Empty);
            var threshold = ThresholdPolicy.Of(state, options.Threshold, options.Floor, options.Budget);
            if (state.Count > 0) tenants[tenant] = new Learned(state, threshold, clock++);
            if (tenants.Count > options.MostTenants) tenants.Remove(tenants.MinBy(entry => entry.Value.At).Key);
            return threshold;
        }
    }

    public IReadOnlyDictionary<string, double> All()
    {
        lock (gate) return tenants.ToDictionary(entry => entry.Key, entry => entry.Value.Threshold, StringComparer.Ordinal);
    }

    private Learned? Find(string tenant)
    {
        lock (gate) return tenants.GetValueOrDefault(tenant);
    }

    private sealed record Learned(FeedbackState State, double Threshold, long At);
}
