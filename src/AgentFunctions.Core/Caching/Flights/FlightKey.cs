namespace AgentFunctions.Core.Caching.Flights;

/// <summary>Which work is the same.</summary>
/// <param name="Key">The answer's key.</param>
/// <param name="Answer">The answer's type.</param>
/// <param name="Anew">Whether what is kept must not be used: a call that wants so can't wait for one that does.</param>
/// <param name="Semantic">Whether the answer to another question will do: a call that wants its own can't wait for one that does not.</param>
internal readonly record struct FlightKey(CacheKey Key, Type Answer, bool Anew, bool Semantic);
