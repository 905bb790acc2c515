using AgentFunctions.Core.Durable;

namespace AgentFunctions.Conformance.Catalogs;

/// <summary>An activity from a delegate.</summary>
public sealed class TestActivity<TInput, TOutput>(Func<ActivityContext, TInput, CancellationToken, Task<TOutput>> body) : Activity<TInput, TOutput>
{
    public override Task<TOutput> RunAsync(ActivityContext context, TInput input, CancellationToken cancellationToken) => body(context, input, cancellationToken);
}
