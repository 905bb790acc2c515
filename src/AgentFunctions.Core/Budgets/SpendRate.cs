using AgentFunctions.Core.Policies.Budgets;

namespace AgentFunctions.Core.Budgets;

/// <summary>How much is spent a second, lately: an exponentially weighted average over about half a minute. Not thread-safe.</summary>
internal sealed class SpendRate
{
    private const double Memory = 30;
    private double usd;
    private double tokens;
    private long at;

    /// <summary>Counts what was spent.</summary>
    public void Note(BudgetAmount amount, long ticks)
    {
        var left = Left(ticks);
        (usd, tokens, at) = ((usd * left) + ((double)amount.Usd / Memory), (tokens * left) + (amount.Tokens / Memory), ticks);
    }

    /// <summary>What would be spent in a time at the rate of now.</summary>
    public BudgetAmount In(TimeSpan span, long ticks)
    {
        var factor = Left(ticks) * span.TotalSeconds;
        return new((decimal)Math.Min((double)BudgetLimit.MostUsd, usd * factor), (long)Math.Min(BudgetLimit.MostTokens, tokens * factor));
    }

    private double Left(long ticks) => Math.Exp(-Math.Max(0, ticks - at) / (Memory * TimeSpan.TicksPerSecond));
}
