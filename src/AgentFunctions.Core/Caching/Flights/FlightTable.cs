using AgentFunctions.Core.Caching.Levels;
using AgentFunctions.Core.Durable;

namespace AgentFunctions.Core.Caching.Flights;

/// <summary>All work under way in this worker: the same is done once.</summary>
/// <param name="time">The clock.</param>
internal sealed class FlightTable(TimeProvider time)
{
    private readonly Lock gate = new();
    private readonly Dictionary<FlightKey, Flight> flights = [];

    /// <summary>How much is under way.</summary>
    public int Count
    {
        get
        {
            lock (gate) return flights.Count;
        }
    }

    /// <summary>Joins the work under way, or begins it. Whoever gets a flight waits for it with <see cref="WaitAsync"/>.</summary>
    /// <typeparam name="T">What it gives.</typeparam>
    /// <param name="key">Which work.</param>
    /// <param name="work">Does it.</param>
    /// <param name="not">A flight that would not do, if it is that.</param>
    /// <returns>The flight, and whether it was begun.</returns>
    public (Flight<T> Flight, bool Leads) Enter<T>(FlightKey key, Func<CancellationToken, Task<T>> work, Flight<T>? not = null)
    {
        Flight<T> flight;
        lock (gate)
        {
            if (flights.TryGetValue(key, out var underWay) && !ReferenceEquals(underWay, not))
            {
                underWay.Waiting++;
                return ((Flight<T>)underWay, Leads: false);
            }

            flight = Add<T>(key);
        }

        Start(flight, work);
        return (flight, Leads: true);
    }

    /// <summary>Begins work that is for nobody yet, unless it is under way.</summary>
    /// <typeparam name="T">What it gives.</typeparam>
    /// <param name="key">Which work.</param>
    /// <param name="work">Does it.</param>
    /// <returns>Whether it was begun now.</returns>
    public bool Begin<T>(FlightKey key, Func<CancellationToken, Task<T>> work)
    {
        Flight<T> flight;
        lock (gate)
        {
            if (flights.ContainsKey(key)) return false;
            flight = Add<T>(key);
        }

        Start(flight, work);
        return true;
    }

    /// <summary>Waits for a flight that was entered.</summary>
    /// <typeparam name="T">What it gives.</typeparam>
    /// <param name="flight">The flight.</param>
    /// <param name="cancellationToken">Ends this wait, and the work where it was the last.</param>
    public async Task<T> WaitAsync<T>(Flight<T> flight, CancellationToken cancellationToken)
    {
        try
        {
            return await flight.Result.WaitAsync(cancellationToken);
        }
        finally
        {
            bool last;
            lock (gate)
            {
                last = --flight.Waiting == 0 && !flight.Result.IsCompleted;
                if (last && flights.TryGetValue(flight.Key, out var now) && ReferenceEquals(now, flight)) flights.Remove(flight.Key);
            }

            if (last) flight.Cancel();
        }
    }

    /// <summary>Ends when all that is under way now has ended.</summary>
    public Task SettleAsync()
    {
        lock (gate) return Task.WhenAll(flights.Values.Select(flight => flight.Ended));
    }

    /// <summary>Under the lock.</summary>
    private Flight<T> Add<T>(FlightKey key)
    {
        var flight = new Flight<T>(key, time.GetTicks()) { Waiting = 1 };
        flights[key] = flight;
        return flight;
    }

    /// <summary>Outside the lock, on the caller's thread, but with a token of the flight's own.</summary>
    private void Start<T>(Flight<T> flight, Func<CancellationToken, Task<T>> work) => _ = flight.RunAsync(work, () => Remove(flight));

    private void Remove(Flight flight)
    {
        lock (gate)
        {
            if (flights.TryGetValue(flight.Key, out var now) && ReferenceEquals(now, flight)) flights.Remove(flight.Key);
        }
    }
}
