namespace AgentFunctions.Core.Models;

/// <summary>The provider failed, could not be reached, or sent what is no answer. Trying again may help.</summary>
public sealed class ModelUnavailableException(string message, Exception? inner = null) : Exception(message, inner);
