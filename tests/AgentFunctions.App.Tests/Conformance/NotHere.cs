namespace AgentFunctions.App.Tests.Conformance;

/// <summary>Why a test of the suite does not run against this engine. README.md says what it means for users.</summary>
internal static class NotHere
{
    public const string Unnamed = "Durable Functions says that the code has changed, and names the activity and the step but not what replaced it.";

    public const string SentAllTheSame = "Durable Functions sends what the changed code asked for together with the failure.";

    public const string OneCase = "The in-memory service compares instance IDs without regard to case; Azure Storage does not.";

    public const string LastStatus = "Durable Functions keeps the last custom status and not those before.";

    public const string TakenIds = "Durable Functions does not look whether the ID of a sub-orchestration is taken.";

    public const string Turns = "The Functions host does not tell when a turn began, from which timers count: they look shorter by what it took until then.";

    public const string OpenTasks = "Durable Functions ends an execution only when its last activity has ended.";
}
