namespace AgentFunctions.Core.Durable;

/// <summary>Names an activity and fixes its types, so that a call with a wrong input does not compile.</summary>
/// <typeparam name="TInput">What the activity takes. It crosses history as JSON.</typeparam>
/// <typeparam name="TOutput">What the activity returns. It crosses history as JSON.</typeparam>
/// <param name="Name">The name it is registered by; in Azure, the function's name.</param>
public sealed record ActivityReference<TInput, TOutput>(string Name);

/// <summary>Names an orchestrator and fixes its types.</summary>
/// <typeparam name="TInput">What the orchestrator takes. It crosses history as JSON.</typeparam>
/// <typeparam name="TOutput">What the orchestrator returns. It crosses history as JSON.</typeparam>
/// <param name="Name">The name it is registered by; in Azure, the function's name.</param>
public sealed record OrchestratorReference<TInput, TOutput>(string Name);

/// <summary>Names an operation of an entity and fixes its types.</summary>
/// <typeparam name="TInput">What the operation takes. It crosses history as JSON.</typeparam>
/// <typeparam name="TOutput">What the operation answers to a call. A signal's answer is dropped.</typeparam>
/// <param name="Name">The operation's name. Compared without regard to case, as Durable Functions does.</param>
public sealed record EntityOperation<TInput, TOutput>(string Name);
