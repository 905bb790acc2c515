namespace AgentFunctions.Core.Tools.Schemas;

/// <summary>A JSON schema can't be used: it is wrong, or has what this validator does not take, such as a reference to another document, which is never fetched.</summary>
/// <param name="message">Where in the schema (a JSON Pointer, RFC 6901), what is there, and what to do.</param>
/// <param name="inner">What it comes from. Default: nothing.</param>
public sealed class SchemaException(string message, Exception? inner = null) : Exception(message, inner);
