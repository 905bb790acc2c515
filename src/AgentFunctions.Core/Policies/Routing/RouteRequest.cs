using AgentFunctions.Core.Models;

namespace AgentFunctions.Core.Policies.Routing;

/// <summary>What is known of a call when its model is chosen.</summary>
/// <param name="Name">The name that it asks for: <c>auto</c>, a tier, or a model's name.</param>
/// <param name="Purpose">The kind of task.</param>
/// <param name="PromptTokens">The tokens of its prompt, estimated; at least 0.</param>
/// <param name="AnswerTokens">The longest answer that it allows; 0 where it does not say.</param>
/// <param name="Complexity">How hard it looks, 0 to 1: <see cref="ComplexityScore"/>.</param>
/// <param name="SuggestedTier">The tier that a model suggests. Default: none was asked, or it failed.</param>
public sealed record RouteRequest(string Name, ModelPurpose Purpose, long PromptTokens, long AnswerTokens = 0, double Complexity = 0, string? SuggestedTier = null);

/// <summary>A model that calls may go to.</summary>
/// <param name="Name">The name that the catalog knows it by: a tier, or its own.</param>
/// <param name="Model">Its own name. Two targets with one are one model.</param>
/// <param name="Level">How able it is: 0 for the lowest tier. That of a model that belongs to no tier is 0.</param>
/// <param name="IsTier">Whether <paramref name="Name"/> is a tier's.</param>
/// <param name="ContextWindow">How many tokens of prompt and answer it takes; null where that is not known, and then it is not minded.</param>
public sealed record RouteTarget(string Name, string Model, int Level, bool IsTier, int? ContextWindow = null);

/// <summary>A model to be tried.</summary>
/// <param name="Target">The model.</param>
/// <param name="Reason">Why it is in its place, in words.</param>
public sealed record RouteCandidate(RouteTarget Target, string Reason);

/// <summary>Where a call goes.</summary>
/// <param name="Candidates">What to try until one answers, in order: at least one, each model once.</param>
/// <param name="Escalations">What to try when an answer is not accepted, from low to high: each model once. Empty where the call names a model.</param>
public sealed record RouteDecision(IReadOnlyList<RouteCandidate> Candidates, IReadOnlyList<RouteCandidate> Escalations);
