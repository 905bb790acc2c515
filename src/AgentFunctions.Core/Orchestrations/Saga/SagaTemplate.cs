using AgentFunctions.Core.Policies.Templating;

namespace AgentFunctions.Core.Orchestrations.Saga;

/// <summary>Arguments that refer to answers of steps: <c>{"$result": "/id"}</c>, <c>{"$result": "/id", "$of": "book"}</c>.</summary>
internal static class SagaTemplate
{
    public static JsonTemplate Arguments { get; } = new("$result", "The answer of the step");
}
