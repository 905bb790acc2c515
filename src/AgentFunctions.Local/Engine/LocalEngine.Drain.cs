using AgentFunctions.Core.Durable;
using AgentFunctions.Local.Engine.Messages;

namespace AgentFunctions.Local.Engine;

/// <summary>Before the end: what runs may end, and what it came to is written.</summary>
internal sealed partial class LocalEngine
{
    private static readonly EntityId nobody = new("nobody", "nobody");

    /// <summary>
    /// Starts no more activities and waits for those that run, for as long as given. What they return is in the journal afterwards; what has not ended by then runs again after
    /// the restart. Runs go on meanwhile, and what they ask for waits for the restart.
    /// </summary>
    /// <param name="grace">How long at most.</param>
    /// <param name="hurry">Ends the wait.</param>
    /// <returns>How many activities had not ended.</returns>
    public async Task<int> DrainAsync(TimeSpan grace, CancellationToken hurry)
    {
        try
        {
            await dispatcher.DrainAsync().WaitAsync(grace, time, hurry);
        }
        catch (Exception e) when (e is TimeoutException or OperationCanceledException)
        {
            // They are handed back.
        }

        var left = dispatcher.Running;
        try
        {
            // Messages are taken in order and answered once they are written: so this comes after all that has been reported.
            await AskAsync(new ReadEntity(nobody), hurry);
        }
        catch (Exception e) when (e is EngineStoppedException or OperationCanceledException)
        {
            // It has stopped by itself, or there is no time: what was not written runs again.
        }

        return left;
    }
}
