namespace AgentFunctions.Core.Tools.Schemas;

/// <summary>What is wrong with a value.</summary>
/// <param name="Path">Where: <c>filter.tags[2]</c>; empty for the value itself.</param>
/// <param name="Message">What is there, and what is allowed.</param>
public sealed record SchemaFinding(string Path, string Message);
