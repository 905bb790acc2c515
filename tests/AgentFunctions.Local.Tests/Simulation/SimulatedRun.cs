using System.Text.Json;
using AgentFunctions.Core.Durable;

namespace AgentFunctions.Local.Tests.Simulation;

/// <summary>A run that a client of the world wants: it asks again until it was accepted, as a client with an idempotency key does.</summary>
internal sealed record SimulatedRun(string InstanceId, string Orchestrator, JsonElement Input);

/// <summary>How a run stood at the world's end.</summary>
internal sealed record SimulatedOutcome(RuntimeStatus Status, JsonElement? Output, FailureDetails? Failure);

/// <summary>A promise was broken. The message holds the seed that shows it again.</summary>
internal sealed class BrokenPromiseException(int seed, string what, Exception? inner = null) : Exception($"Seed {seed}: {what}", inner);
