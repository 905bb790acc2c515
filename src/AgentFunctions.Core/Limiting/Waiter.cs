using AgentFunctions.Core.Durable;

namespace AgentFunctions.Core.Limiting;

/// <summary>A call that waits for its permit.</summary>
internal sealed class Waiter(PermitAsk ask, long since)
{
    public PermitAsk Ask { get; } = ask;

    public long Since { get; } = since;

    public TaskCompletionSource<Permit> Answer { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Takes it out of the queue; false where it is out already.</summary>
    public Func<bool> TakeOut { get; set; } = () => false;

    public ThrottledException TooLate(string deployment, TimeSpan comeBack) =>
        new($"The limits of '{deployment}' leave no room for this call within {Ask.MaxWait}. Come back in {comeBack}, raise the limits, or allow it more time.", comeBack);
}
