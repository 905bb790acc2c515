namespace AgentFunctions.Core.Policies.Budgets;

/// <summary>
/// Deals a budget out in slices, as escrow (O'Neil 1986, "The Escrow Transactional Method"): what is held by anybody is taken, whether or not it will be spent. A holder that is not
/// heard of any more keeps what it holds, so nothing depends on anyone's clock; it only counts as spent. So settled and held together are never above the limit, but
/// for calls that cost more than was reserved for them. Pure.
/// </summary>
public static class BudgetPolicy
{
    /// <summary>How long the answer to a holder that holds nothing is kept: 15 minutes.</summary>
    public static readonly TimeSpan AnswersKept = TimeSpan.FromMinutes(15);

    /// <summary>How long a lost holder is remembered by name, to be reckoned with exactly should it come back: an hour.</summary>
    public static readonly TimeSpan LostKept = TimeSpan.FromHours(1);

    /// <summary>Settles what a holder tells and gives it what it asks for, as far as there is.</summary>
    /// <param name="state">The budget.</param>
    /// <param name="request">What it tells and asks.</param>
    /// <param name="now">The time.</param>
    /// <returns>The budget after it; the answer is the holder's lease in it.</returns>
    public static BudgetLedgerState Answer(BudgetLedgerState state, BudgetRequest request, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(state);
        ArgumentNullException.ThrowIfNull(request);
        if (state.LeaseOf(request.Holder)?.Number >= request.Number) return state;
        state = Turn(state, request.Period, now) with { Limit = request.Limit };
        if (state.Previous is { } previous && previous.Leases.TryGetValue(request.Holder, out var last) && !state.Current.Leases.ContainsKey(request.Holder))
        {
            return state with { Previous = Settle(previous, request, last, now, TimeSpan.Zero) };
        }

        var account = Settle(Fold(state.Current, request.Holder, now), request, state.Current.Leases.GetValueOrDefault(request.Holder), now, BudgetPeriods.EndAt(request.Period, now) - now);
        return state with { Current = request.Least is { } least ? Give(account, state.Limit, request, least, now) : account };
    }

    /// <summary>Begins the period of a time, where it is a later one.</summary>
    private static BudgetLedgerState Turn(BudgetLedgerState state, BudgetPeriod period, DateTimeOffset now)
    {
        var account = state.At(period, now);
        return ReferenceEquals(account, state.Current) ? state : state with { Current = account, Previous = state.Current.Period.Length == 0 ? null : state.Current };
    }

    private static BudgetAccount Settle(BudgetAccount account, BudgetRequest request, BudgetLease? last, DateTimeOffset now, TimeSpan? endsIn)
    {
        // One that was answered once and is known no more was given up: what it held has been counted as spent, and with it what it spent since.
        var told = last?.Used ?? (request.Known ? request.Used : BudgetAmount.Zero);
        var kept = BudgetAmount.Max(BudgetAmount.Zero, BudgetAmount.Min(request.Keep, last?.Held ?? BudgetAmount.Zero));
        return account with
        {
            // Sums never fall; a request that says otherwise is no later one.
            Settled = account.Settled + BudgetAmount.Max(BudgetAmount.Zero, request.Used - told),
            Leases = With(account.Leases, request.Holder, new BudgetLease(request.Number, now, BudgetAmount.Max(told, request.Used), kept, kept, endsIn)),
        };
    }

    private static BudgetAccount Give(BudgetAccount account, BudgetLimit? limit, BudgetRequest request, BudgetAmount least, DateTimeOffset now)
    {
        var want = BudgetAmount.Max(least, request.Want);
        var taken = account.Taken();
        if (limit is not null && !limit.Allows(taken, least)) return account;
        var holders = account.Leases.Count(other => other.Key != request.Holder && other.Value.IsLive(now) && other.Value.Held != BudgetAmount.Zero) + 1;
        var left = limit?.Left(taken);
        var given = new BudgetAmount(
            left?.Usd is { } usd ? Math.Min(want.Usd, Math.Max(least.Usd, usd / (2 * holders))) : want.Usd,
            left?.Tokens is { } tokens ? Math.Min(want.Tokens, Math.Max(least.Tokens, tokens / (2 * holders))) : want.Tokens);
        var lease = account.Leases[request.Holder];
        return account with { Leases = With(account.Leases, request.Holder, lease with { Held = lease.Held + given }) };
    }

    /// <summary>Forgets the names of those who hold nothing and have gone, and of those who were lost long ago, with what they held for spent; not that of the holder who is heard of now.</summary>
    private static BudgetAccount Fold(BudgetAccount account, string holder, DateTimeOffset now)
    {
        List<KeyValuePair<string, BudgetLease>> gone = [.. account.Leases.Where(lease => lease.Key != holder && now - lease.Value.SeenAt >= (lease.Value.Held == BudgetAmount.Zero ? AnswersKept : LostKept))];
        return gone.Count == 0 ? account : account with
        {
            Settled = gone.Aggregate(account.Settled, (sum, lease) => sum + lease.Value.Held),
            Leases = account.Leases.Except(gone).ToDictionary(StringComparer.Ordinal),
        };
    }

    private static Dictionary<string, BudgetLease> With(IReadOnlyDictionary<string, BudgetLease> leases, string holder, BudgetLease lease) => new(leases, StringComparer.Ordinal) { [holder] = lease };
}
