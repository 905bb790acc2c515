using AgentFunctions.Api.Budgets;
using AgentFunctions.Api.Requests;
using AgentFunctions.Core.Durable;
using AgentFunctions.Core.Policies.Budgets;

namespace AgentFunctions.Local.CommandLine;

/// <summary>What <c>run</c> was asked to do. Exactly one of <see cref="InputFile"/>, <see cref="Files"/> (not empty) and <see cref="Resume"/> is set.</summary>
internal sealed record RunRequest
{
    /// <summary>The orchestrator to start; null only with <see cref="Resume"/>.</summary>
    public string? Orchestrator { get; init; }

    /// <summary>A JSON file, or <c>-</c> for standard input.</summary>
    public string? InputFile { get; init; }

    /// <summary>Glob patterns of the documents to read.</summary>
    public IReadOnlyList<string> Files { get; init; } = [];

    /// <summary>What to do with the documents.</summary>
    public string? Task { get; init; }

    /// <summary>The instance ID to start under, or null for a new one.</summary>
    public string? InstanceId { get; init; }

    /// <summary>Whose run it is, or null for <see cref="Tenants.Default"/>.</summary>
    public string? Tenant { get; init; }

    /// <summary>The instance ID of the run to start, with the tenant in front; null for a new one that the engine makes.</summary>
    public string? RunId() => TenantRuns.InstanceId(Tenant ?? Tenants.Default, InstanceId);

    /// <summary>What the run may spend in US dollars, as given; null for what the settings say.</summary>
    public string? Budget { get; init; }

    /// <summary>How many tokens it may use, as given; null for what the settings say.</summary>
    public string? BudgetTokens { get; init; }

    /// <summary>What the run may spend; null for what the settings say.</summary>
    /// <exception cref="UsageException">That is no budget.</exception>
    public BudgetLimit? RunLimit() => StartBudget.Of(Budget, BudgetTokens, (name, fault, rule) => new UsageException($"{(name == StartBudget.Usd ? "--budget" : "--budget-tokens")} {fault}. {rule}"));

    /// <summary>The run to continue instead of starting one.</summary>
    public string? Resume { get; init; }

    /// <summary>Whether only the result's JSON is written.</summary>
    public bool Json { get; init; }

    /// <summary>How the host is set up.</summary>
    public required LocalHostOptions Host { get; init; }

    /// <summary>This request, where its parts fit together.</summary>
    /// <exception cref="UsageException">They don't; the message says which, and what to give.</exception>
    public RunRequest Checked()
    {
        HostSettings.Checked(Host);
        var fresh = InputFile is not null || Files.Count > 0;
        if (Resume is not null)
        {
            return Orchestrator is null && !fresh && Task is null && InstanceId is null && Tenant is null && Budget is null && BudgetTokens is null ? this
                : throw new UsageException($"--resume {Resume} continues a run that has its input already. Leave out the orchestrator, --input, --files, --task, --instance-id, --tenant, --budget and --budget-tokens.");
        }

        if (Orchestrator is null)
        {
            throw new UsageException("No orchestrator is named. Write run ORCHESTRATOR --input FILE.json, or run --resume INSTANCE.");
        }

        if (InstanceId is not null && !Identifiers.IsInstanceId(InstanceId))
        {
            throw new UsageException($"--instance-id is '{InstanceId}'. {Identifiers.InstanceIdRule}");
        }

        if (Tenant is not null && !Tenants.IsAllowed(Tenant))
        {
            throw new UsageException($"--tenant is '{Tenant}'. {Tenants.Rule}");
        }

        _ = RunLimit();
        if (InstanceId is not null && TenantRuns.Fault(Tenant ?? Tenants.Default, InstanceId) is { } fault)
        {
            throw new UsageException($"--instance-id is '{InstanceId}'{fault} --tenant names the tenant.");
        }

        if (InputFile is not null && Files.Count > 0)
        {
            throw new UsageException($"Both --input {InputFile} and --files {Files[0]} are given. Give one of them.");
        }

        if (!fresh)
        {
            throw new UsageException($"{Orchestrator} has no input. Give --input FILE.json (- reads standard input), or for MapReduce --files GLOB --task TEXT.");
        }

        if (Files.Count > 0 && !string.Equals(Orchestrator, "MapReduce", StringComparison.OrdinalIgnoreCase))
        {
            throw new UsageException($"--files makes documents of files, which only MapReduce takes, not '{Orchestrator}'. Use --input FILE.json.");
        }

        if (Files.Count > 0 && string.IsNullOrWhiteSpace(Task))
        {
            throw new UsageException("--files is given without a task. Say what to do with the documents: --task \"Summarise …\".");
        }

        return Files.Count > 0 || Task is null ? this : throw new UsageException("--task belongs to --files. With --input, write the task into the JSON.");
    }
}
