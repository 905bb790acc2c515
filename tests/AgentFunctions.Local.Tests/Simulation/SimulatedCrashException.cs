namespace AgentFunctions.Local.Tests.Simulation;

/// <summary>The simulated machine has gone down; every call on the storage of before throws it.</summary>
internal sealed class SimulatedCrashException() : Exception("The simulated machine is down.");
