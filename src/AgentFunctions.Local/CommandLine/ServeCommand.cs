using System.CommandLine;

namespace AgentFunctions.Local.CommandLine;

/// <summary><c>serve</c>: the HTTP API on this machine, until Ctrl-C.</summary>
internal sealed class ServeCommand(Terminal terminal, ILocalHostFactory hosts, StopSignals signals)
{
    /// <summary>How long activities that run may take to end after Ctrl-C, in seconds.</summary>
    private const int DefaultGrace = 30;
    private readonly HostSettings settings = new();
    private readonly Option<bool> inMemory = new("--in-memory") { Description = "Keep nothing on disk: runs end with this process." };
    private readonly Option<string?> urls = new("--urls") { Description = $"The addresses to listen on, separated by semicolons. [default: {LocalHostOptions.DefaultUrls}]", HelpName = "URLS" };
    private readonly Option<int?> port = NumberOption.Create("--port", "PORT", "The port to listen on, on 127.0.0.1; 0 takes a free one.", 0, 65_535);

    private readonly Option<int?> grace = NumberOption.Create("--grace", "SECONDS", $"How long activities that run may take to end after Ctrl-C or SIGTERM, before they are left to the next start; a second signal ends the wait. [default: {DefaultGrace}]", 0, 3600);

    /// <summary>The command.</summary>
    public Command Build()
    {
        var command = new Command("serve", "Serves the HTTP API until Ctrl-C. This is the default command.");
        BindTo(command);
        return command;
    }

    /// <summary>Gives a command these options and this action.</summary>
    /// <param name="command">The command.</param>
    public void BindTo(Command command)
    {
        settings.AddTo(command);
        command.Options.Add(inMemory);
        command.Options.Add(urls);
        command.Options.Add(port);
        command.Options.Add(grace);
        command.SetAction((parsed, cancellationToken) => ServeAsync(Options(parsed), TimeSpan.FromSeconds(parsed.GetValue(grace) ?? DefaultGrace), cancellationToken));
    }

    private LocalHostOptions Options(ParseResult parsed)
    {
        var (address, number) = (parsed.GetValue(urls), parsed.GetValue(port));
        if (address is not null && number is not null)
        {
            throw new UsageException($"--urls is '{address}' and --port is {number}. Give one of them.");
        }

        if (parsed.GetValue(inMemory) && settings.NamesData(parsed))
        {
            throw new UsageException("Both --in-memory and --data are given. Give one of them.");
        }

        var options = settings.Read(parsed);
        return HostSettings.Checked(options with
        {
            DataDirectory = parsed.GetValue(inMemory) ? null : options.DataDirectory,
            Urls = address ?? (number is null ? LocalHostOptions.DefaultUrls : $"http://127.0.0.1:{number}"),
        });
    }

    private async Task<int> ServeAsync(LocalHostOptions options, TimeSpan wait, CancellationToken cancellationToken)
    {
        try
        {
            await using var host = await hosts.StartAsync(options, cancellationToken);
            await terminal.Out.WriteLineAsync($"AgentFunctions listens on {host.Address?.GetLeftPart(UriPartial.Authority)}");
            await terminal.Out.WriteLineAsync($"  runs   {(options.DataDirectory is { } folder ? Path.GetFullPath(folder) : "in memory: they end with this process")}");
            await terminal.Out.WriteLineAsync($"  starts {string.Join(", ", host.Catalog.PublicOrchestratorNames)}");
            await terminal.Out.WriteLineAsync("  stop   Ctrl-C; unfinished runs continue at the next start");
            try
            {
                await host.Completion.WaitAsync(cancellationToken);
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                await StopAsync(host, wait);
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // Ctrl-C is how a server is stopped; that is no failure.
        }

        return ExitCodes.Ok;
    }

    private async Task StopAsync(ILocalHost host, TimeSpan wait)
    {
        signals.Allow(wait);
        await terminal.Out.WriteLineAsync($"Stopping: what runs may end, within {wait.TotalSeconds:0} s. Ctrl-C again to leave it to the next start.");
        var left = await host.DrainAsync(wait, signals.Hurry);
        if (left > 0)
        {
            await terminal.Out.WriteLineAsync($"{left} {(left == 1 ? "activity" : "activities")} had not ended: the next start runs {(left == 1 ? "it" : "them")} again.");
        }

        // What ended may not be in the journal then: that is no stop in order.
        if (host.Completion.IsFaulted) await host.Completion;
    }
}
