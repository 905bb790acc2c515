using System.Globalization;
using System.Text.Json.Serialization;

namespace AgentFunctions.Core.Policies.Budgets;

/// <summary>What may be spent. A thing without a limit is counted and not limited.</summary>
public sealed record BudgetLimit
{
    /// <summary>The highest limit in US dollars: 1,000,000,000.</summary>
    public const decimal MostUsd = 1_000_000_000m;

    /// <summary>The highest limit in tokens: 1,000,000,000,000,000.</summary>
    public const long MostTokens = 1_000_000_000_000_000;

    /// <summary>US dollars, 0 to 1,000,000,000; 0 lets nothing be spent. Default: no limit.</summary>
    public decimal? Usd { get; init; }

    /// <summary>Tokens in and out, 0 to 10^15; 0 lets nothing be used. Default: no limit.</summary>
    public long? Tokens { get; init; }

    /// <summary>Whether anything is limited.</summary>
    [JsonIgnore]
    public bool Any => Usd is not null || Tokens is not null;

    /// <summary>Whether an amount is within the limit. What is not wanted of a thing (0 or less) is always within.</summary>
    /// <param name="spent">What is spent or reserved before it.</param>
    /// <param name="wanted">What is wanted on top.</param>
    public bool Allows(BudgetAmount spent, BudgetAmount wanted) =>
        (wanted.Usd <= 0 || !(spent.Usd + wanted.Usd > Usd)) && (wanted.Tokens <= 0 || !(spent.Tokens + wanted.Tokens > Tokens));

    /// <summary>The part of an amount that this limits: zero for what has no limit.</summary>
    /// <param name="amount">The amount.</param>
    public BudgetAmount PartOf(BudgetAmount amount) => new(Usd is null ? 0 : amount.Usd, Tokens is null ? 0 : amount.Tokens);

    /// <summary>What is left to be spent; null for what has no limit, 0 where more than the limit is spent.</summary>
    /// <param name="taken">What is spent and reserved.</param>
    public BudgetLimit Left(BudgetAmount taken) => new() { Usd = Usd is { } usd ? Math.Max(0, usd - taken.Usd) : null, Tokens = Tokens is { } tokens ? Math.Max(0, tokens - taken.Tokens) : null };

    /// <summary>Such as <c>$2.50 and 10,000 tokens</c>.</summary>
    public override string ToString() => (Usd, Tokens) switch
    {
        ({ } usd, { } tokens) => $"{Dollars(usd)} and {Count(tokens)}",
        ({ } usd, null) => Dollars(usd),
        (null, { } tokens) => Count(tokens),
        _ => "no limit",
    };

    /// <summary>An amount in the words of this limit: only what it limits.</summary>
    /// <param name="amount">The amount.</param>
    public string Say(BudgetAmount amount) => new BudgetLimit { Usd = Usd is null ? null : amount.Usd, Tokens = Tokens is null ? null : amount.Tokens }.ToString();

    private static string Dollars(decimal usd) => string.Create(CultureInfo.InvariantCulture, $"${usd:0.00######}");

    private static string Count(long tokens) => string.Create(CultureInfo.InvariantCulture, $"{tokens:#,0} tokens");
}
