namespace AgentFunctions.Core.Caching;

/// <summary>That an invalidation is done: no worker serves what it names any more.</summary>
/// <param name="Invalidated">Which entries.</param>
public sealed record CacheInvalidationReceipt(CacheInvalidation Invalidated);
