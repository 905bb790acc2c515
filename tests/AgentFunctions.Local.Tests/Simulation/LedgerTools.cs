using AgentFunctions.Core.Durable;
using AgentFunctions.Core.Tools;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;

namespace AgentFunctions.Local.Tests.Simulation;

/// <summary>
/// A system that a saga's tools change: it deduplicates by the idempotency key, as a payment provider does, and it outlives the engine's crashes. Its answers
/// get lost by the seed, after the effect as well as before.
/// </summary>
internal sealed class LedgerTools
{
    private readonly Random random;
    private readonly HashSet<string> refused;
    private readonly Dictionary<string, int> balance = new(StringComparer.Ordinal);
    private readonly HashSet<string> seen = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> losses = new(StringComparer.Ordinal);

    /// <param name="seed">Which answers get lost.</param>
    /// <param name="refused">The accounts that refuse to be changed.</param>
    public LedgerTools(int seed, params string[] refused) => (random, this.refused) = (new Random(seed), [.. refused]);

    /// <summary>How often an account was changed and not changed back.</summary>
    public IReadOnlyDictionary<string, int> Balance => balance;

    /// <summary>How often each account was changed, and changed back.</summary>
    public Dictionary<string, int> Changes { get; } = new(StringComparer.Ordinal);

    /// <summary>How many calls came a second time.</summary>
    public int Repeats { get; private set; }

    /// <summary>Adds the tools <c>apply</c> and <c>revert</c>.</summary>
    public void AddTo(IServiceCollection services) => services.AddTool(AIFunctionFactory.Create(Apply, "apply")).AddTool(AIFunctionFactory.Create(Revert, "revert"));

    private string Apply(AIFunctionArguments arguments, string account)
    {
        var key = arguments.IdempotencyKey()!;
        MayLose(key);
        if (refused.Contains(account)) throw new PermanentFailureException($"The account '{account}' is closed.");
        if (IsRepeat(key)) return Answered(key);

        // What was reverted before it came must not come any more.
        if (seen.Contains($"{key}:compensate")) throw new PermanentFailureException($"'{key}' was reverted before it came.");
        Change(account, +1);
        seen.Add(key);
        return Answered(key);
    }

    private string Revert(AIFunctionArguments arguments, string account)
    {
        var key = arguments.IdempotencyKey()!;
        MayLose(key);
        if (IsRepeat(key)) return Answered(key);
        seen.Add(key);
        if (seen.Contains(key[..^":compensate".Length])) Change(account, -1);
        return Answered(key);
    }

    private string Answered(string key)
    {
        MayLose(key);
        return key;
    }

    private bool IsRepeat(string key)
    {
        if (!seen.Contains(key)) return false;
        Repeats++;
        return true;
    }

    private void Change(string account, int by)
    {
        balance[account] = balance.GetValueOrDefault(account) + by;
        var change = $"{account} {by}";
        Changes[change] = Changes.GetValueOrDefault(change) + 1;
    }

    private void MayLose(string key)
    {
        if (random.NextDouble() >= 0.15 || losses.GetValueOrDefault(key) >= 6) return;
        losses[key] = losses.GetValueOrDefault(key) + 1;
        throw new IOException("the connection was lost");
    }
}
