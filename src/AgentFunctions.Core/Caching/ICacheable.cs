namespace AgentFunctions.Core.Caching;

/// <summary>A result that says how long it may be kept, such as an answer over HTTP that says so itself.</summary>
public interface ICacheable
{
    /// <summary>How long; zero for not at all. Null where it does not say, and only the settings count.</summary>
    TimeSpan? CacheFor { get; }
}
