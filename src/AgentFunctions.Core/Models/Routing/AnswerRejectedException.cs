using AgentFunctions.Core.Durable;

namespace AgentFunctions.Core.Models.Routing;

/// <summary>No model's answer passed the call's check, and the call asks for one that does (<see cref="Policies.Routing.AnswerCheck.Required"/>). Trying again would give the same kept answers.</summary>
/// <param name="message">What was tried, why it was not accepted, and what it cost.</param>
public sealed class AnswerRejectedException(string message) : PermanentFailureException(message);
