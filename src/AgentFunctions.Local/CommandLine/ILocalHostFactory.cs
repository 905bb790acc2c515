using AgentFunctions.Core.Durable;
using AgentFunctions.Core.Results;

namespace AgentFunctions.Local.CommandLine;

/// <summary>Starts embedded hosts. What the commands need of the engine, and all of it.</summary>
internal interface ILocalHostFactory
{
    /// <summary>Opens the journal, recovers unfinished runs and continues them, and serves HTTP where the options name an address.</summary>
    /// <param name="options">Valid settings.</param>
    /// <param name="cancellationToken">Gives up the start.</param>
    /// <exception cref="IOException">The folder can't be used, or the address can't be listened on.</exception>
    /// <exception cref="InvalidDataException">The journal is damaged.</exception>
    Task<ILocalHost> StartAsync(LocalHostOptions options, CancellationToken cancellationToken);
}

/// <summary>A running embedded host. Disposing stops it: what is not finished stays in the journal, to be continued by the next host.</summary>
internal interface ILocalHost : IAsyncDisposable
{
    /// <summary>Starts, follows and steers runs.</summary>
    IRunClient Client { get; }

    /// <summary>What can be run.</summary>
    Catalog Catalog { get; }

    /// <summary>Where large inputs go.</summary>
    IContentStore Content { get; }

    /// <summary>The runs' live output.</summary>
    IRunOutputStore Output { get; }

    /// <summary>Whether runs may be given budgets of their own.</summary>
    bool RunBudgets { get; }

    /// <summary>Where HTTP is served, with the real port; null where it is not.</summary>
    Uri? Address { get; }

    /// <summary>Ends when the host has stopped; faulted where it had to, such as on a full disk.</summary>
    Task Completion { get; }

    /// <summary>Takes nothing new and starts no more activities, and lets those that run end: what they did is not done again. To be followed by disposing.</summary>
    /// <param name="grace">How long they may take; what has not ended by then runs again at the next start.</param>
    /// <param name="hurry">Ends the wait.</param>
    /// <returns>How many had not ended.</returns>
    Task<int> DrainAsync(TimeSpan grace, CancellationToken hurry);
}

/// <summary>The host stopped while a command still needed it.</summary>
internal sealed class HostStoppedException(string message, Exception? inner) : Exception(message, inner);
