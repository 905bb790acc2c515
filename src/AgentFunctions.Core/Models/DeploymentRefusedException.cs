using AgentFunctions.Core.Durable;

namespace AgentFunctions.Core.Models;

/// <summary>
/// A deployment refuses whatever is asked of it: the key is not valid or may not call the model (HTTP 401, 403), the account has no money left (402, or 429 with insufficient_quota),
/// or there is no such model there (404). Nothing was done and nothing paid. To ask it again does not help; another deployment may serve.
/// </summary>
/// <param name="message">What the provider said, and what to do.</param>
/// <param name="inner">The refusal.</param>
public sealed class DeploymentRefusedException(string message, Exception? inner = null) : PermanentFailureException(message, inner);
