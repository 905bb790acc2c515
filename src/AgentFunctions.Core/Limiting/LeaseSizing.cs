using AgentFunctions.Core.Policies.RateLimiting;

namespace AgentFunctions.Core.Limiting;

/// <summary>What a worker needs permits for.</summary>
/// <param name="Waiting">Calls that wait.</param>
/// <param name="Held">Permits that are held.</param>
/// <param name="Runway">How far ahead of now the last of them starts.</param>
/// <param name="PerSecond">Calls that come a second, lately.</param>
/// <param name="TokensEach">The tokens of a call, on average.</param>
internal sealed record LeaseDemand(int Waiting, int Held, TimeSpan Runway, double PerSecond, double TokensEach);

/// <summary>
/// How many permits to ask for: those that calls wait for, and those that will be wanted while they can be used. So the limiter is asked every few seconds by a busy
/// worker, however many calls it makes, and a quiet one holds nothing. Pure.
/// </summary>
internal static class LeaseSizing
{
    /// <summary>How far ahead of now a permit may start: 10 s.</summary>
    public static TimeSpan Ahead => Sharding.Ahead;

    /// <summary>The request, or null where there is enough.</summary>
    public static PermitRequest? Ask(LeaseDemand demand, RateLimits limits)
    {
        var coming = demand.PerSecond * limits.UseWithin.TotalSeconds;
        // A quarter of what will be wanted is what is used while the answer is on its way.
        // Starts that lie ahead show that there is no more to be had now: to ask before half of them have passed would only ask more often.
        var isShort = (demand.Waiting > demand.Held && demand.Runway < Ahead / 2) || (coming >= 4 && demand.Held < coming / 4 && demand.Runway < Ahead / 4);
        return isShort ? new PermitRequest((int)Math.Clamp(Math.Ceiling(demand.Waiting + coming - demand.Held), 1, RateReservation.MostPermits), demand.TokensEach, Ahead) : null;
    }

    /// <summary>
    /// How far ahead the permits of one among several limiters may start: 5 s beyond what the next shortest line is known to be. Who takes the whole line of one has
    /// enough for a while and asks no other, and what flows into those meanwhile is lost as soon as they are full.
    /// </summary>
    /// <param name="nextLine">How far ahead the next shortest line is taken, as far as is known here; null where there is no other limiter.</param>
    public static TimeSpan Reach(TimeSpan? nextLine) => nextLine is { } line && line < Ahead / 2 ? line + (Ahead / 2) : Ahead;

    /// <summary>How many permits it may be worth to hold: the rest of those that start later is better given back.</summary>
    public static int Keep(LeaseDemand demand, RateLimits limits) => (int)Math.Min(RateReservation.MostPermits, Math.Ceiling(demand.Waiting + (2 * demand.PerSecond * limits.UseWithin.TotalSeconds)));
}
