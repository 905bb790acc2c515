using System.CommandLine;

namespace AgentFunctions.Local.CommandLine;

/// <summary><c>run</c>: one run from start to end, with progress, result and timeline.</summary>
internal sealed class RunCommand(Terminal terminal, ILocalHostFactory hosts, TimeProvider time)
{
    private readonly HostSettings settings = new();
    private readonly Argument<string?> orchestrator = new("ORCHESTRATOR") { Description = "What to run, such as MapReduce.", Arity = ArgumentArity.ZeroOrOne };
    private readonly Option<string?> input = new("--input") { Description = "The input, a JSON file; - reads standard input.", HelpName = "FILE.json" };
    private readonly Option<string[]> files = new("--files") { Description = "The documents of a MapReduce, such as 'docs/**/*.md'. Can be given more than once.", HelpName = "GLOB", AllowMultipleArgumentsPerToken = true };
    private readonly Option<string?> task = new("--task") { Description = "What to do with the documents.", HelpName = "TEXT" };
    private readonly Option<string?> instanceId = new("--instance-id") { Description = "The run's ID. Starting twice with one ID starts once.", HelpName = "ID" };
    private readonly Option<string?> tenant = new("--tenant") { Description = "Whose run it is: what it caches is this tenant's alone.", HelpName = "NAME" };
    private readonly Option<string?> budget = new("--budget") { Description = "What the run may spend on models, in US dollars, such as 0.50.", HelpName = "USD" };
    private readonly Option<string?> budgetTokens = new("--budget-tokens") { Description = "How many tokens the run may use, in and out.", HelpName = "N" };
    private readonly Option<string?> resume = new("--resume") { Description = "Continue this run and show it, instead of starting one.", HelpName = "ID" };
    private readonly Option<bool> json = new("--json") { Description = "Write the result's JSON and nothing else." };

    /// <summary>The command.</summary>
    public Command Build()
    {
        var command = new Command("run", "Runs an orchestrator and shows its progress, its result and where the time went.") { orchestrator, input, files, task, instanceId, tenant, budget, budgetTokens, resume, json };
        settings.AddTo(command);
        command.SetAction((parsed, cancellationToken) => new RunSession(terminal, hosts, time).ExecuteAsync(Request(parsed).Checked(), cancellationToken));
        return command;
    }

    private RunRequest Request(ParseResult parsed) => new()
    {
        Orchestrator = parsed.GetValue(orchestrator),
        InputFile = parsed.GetValue(input),
        Files = parsed.GetValue(files) ?? [],
        Task = parsed.GetValue(task),
        InstanceId = parsed.GetValue(instanceId),
        Tenant = parsed.GetValue(tenant),
        Budget = parsed.GetValue(budget),
        BudgetTokens = parsed.GetValue(budgetTokens),
        Resume = parsed.GetValue(resume),
        Json = parsed.GetValue(json),
        Host = settings.Read(parsed) with { MinimumLogLevel = LogLevel.Warning },
    };
}
