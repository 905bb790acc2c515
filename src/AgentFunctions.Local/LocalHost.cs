using AgentFunctions.Api;
using AgentFunctions.Core.Budgets;
using AgentFunctions.Core.Durable;
using AgentFunctions.Core.Results;
using AgentFunctions.Core.Scaling;
using AgentFunctions.Local.CommandLine;
using AgentFunctions.Local.Engine;
using AgentFunctions.Local.Journal;
using Microsoft.Extensions.Options;

namespace AgentFunctions.Local;

/// <summary>A running embedded host.</summary>
internal sealed class LocalHost(WebApplication web, LocalEngine engine, IJournalStorage storage, LocalHostState state, Catalog catalog, Uri? address) : ILocalHost
{
    private static readonly TimeSpan LongestReturn = TimeSpan.FromSeconds(3);

    public IRunClient Client => web.Services.GetRequiredService<IRunClient>();

    public Catalog Catalog => catalog;

    public IContentStore Content => web.Services.GetRequiredService<IContentStore>();

    public IRunOutputStore Output => web.Services.GetRequiredService<IRunOutputStore>();

    public bool RunBudgets => web.Services.GetService<BudgetLedger>() is { Options.RunBudgets: true };

    public Uri? Address => address;

    public Task Completion => engine.Completion;

    public async Task<int> DrainAsync(TimeSpan grace, CancellationToken hurry)
    {
        state.Drain();
        await web.Services.GetRequiredService<ScalingReporter>().LeaveAsync(hurry);
        return await engine.DrainAsync(grace, hurry);
    }

    /// <summary>Answers what is under way, takes nothing new, then stops the engine: unfinished runs are in the journal.</summary>
    public async ValueTask DisposeAsync()
    {
        state.Drain();
        if (address is not null)
        {
            await web.StopAsync();
        }
        else
        {
            await ReturnBudgetsAsync();
        }

        await engine.DisposeAsync();
        await web.DisposeAsync();
        storage.Dispose();
        state.Dispose();
    }

    /// <summary>What a hosted service does where there are any: without HTTP there are none. What is not given back counts as spent for the rest of its period.</summary>
    private async Task ReturnBudgetsAsync()
    {
        try
        {
            if (web.Services.GetService<BudgetLedger>() is { } budgets) await Task.WhenAny(budgets.ReturnAsync(), Task.Delay(LongestReturn));
        }
        catch (OptionsValidationException)
        {
            // Settings that are no budgets: nothing was reserved, and whoever wanted to was told.
        }
    }
}

/// <summary>What requests need to know of their host: whether it is draining, and why it can't work where it can't.</summary>
internal sealed class LocalHostState : IHostState, IDisposable
{
    private readonly CancellationTokenSource drain = new();
    private LocalEngine? engine;

    public bool Draining => drain.IsCancellationRequested;

    public CancellationToken DrainToken => drain.Token;

    public string? Fault => engine?.Completion.Exception?.InnerException?.Message;

    public void Watch(LocalEngine started) => engine = started;

    public void Drain() => drain.Cancel();

    public void Dispose() => drain.Dispose();
}
