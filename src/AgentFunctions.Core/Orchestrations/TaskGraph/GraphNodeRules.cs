using System.Text.Json;
using AgentFunctions.Core.Caching;
using AgentFunctions.Core.Durable;
using AgentFunctions.Core.Orchestrations.Approval;
using AgentFunctions.Core.Policies.Routing;
using AgentFunctions.Core.Policies.Templating;

namespace AgentFunctions.Core.Orchestrations.TaskGraph;

/// <summary>Says what is wrong with a node by itself. Whether a tool or a model exists is known only where it is called.</summary>
internal sealed class GraphNodeRules(Catalog catalog, InputErrors errors)
{
    /// <summary>The paths that a node reads. A repeat reads what its body does, which is checked there.</summary>
    public static IEnumerable<TemplateUse> Uses(TaskGraphNode node) => node.Kind switch
    {
        GraphNodeKind.Tool => node.Tool!.Arguments is { } arguments ? JsonTemplate.Uses(arguments) : [],
        GraphNodeKind.Model => TextTemplate.Uses(node.Model!.Prompt),
        GraphNodeKind.SubOrchestrator => JsonTemplate.Uses(node.SubOrchestrator!.Input),
        GraphNodeKind.Approval => TextTemplate.Uses(node.Approval!.Title).Concat(TextTemplate.Uses(node.Approval.Details ?? "")),
        GraphNodeKind.Condition => ConditionRules.Uses(node.Condition!),
        _ => [],
    };

    public void Check(TaskGraphNode node, string path)
    {
        var kinds = new object?[] { node.Tool, node.Model, node.SubOrchestrator, node.Approval, node.Condition, node.Repeat }.Count(kind => kind is not null);
        errors.AddIf(kinds != 1, path, $"The node '{node.Key}' has {kinds} of 'tool', 'model', 'subOrchestrator', 'approval', 'condition' and 'repeat'. Give it exactly one.");
        var isCall = node.Kind is not (GraphNodeKind.Approval or GraphNodeKind.Condition);
        errors.AddIf(node.Timeout is not null && !isCall, $"{path}.timeout", "Approvals end by their 'expiry', and conditions at once. Leave the timeout out.");
        errors.AddIf(node.Timeout <= TimeSpan.Zero || node.Timeout > TimeSpan.FromDays(7), $"{path}.timeout", $"The timeout is {node.Timeout}. It must be above 0 and at most 7 days (7.00:00:00).");
        errors.AddIf(node.MaxAttempts is not null && !isCall, $"{path}.maxAttempts", "Approvals and conditions are not tried again. Leave maxAttempts out.");
        errors.AddIf(node.MaxAttempts is < 1 or > 10, $"{path}.maxAttempts", $"maxAttempts is {node.MaxAttempts}. It must be 1 to 10.");
        errors.AddIf(node.ContinueOnError && node.Critical, $"{path}.critical", "A node can't both go on at its failure (continueOnError) and end the graph (critical). Choose one.");
        CacheSettingsRules.Check(node.Cache, $"{path}.cache", errors);
        errors.AddIf(node.Cache is not null && node.Kind is not (GraphNodeKind.Tool or GraphNodeKind.Model), $"{path}.cache", "Only what tools and models answer is kept. Leave it out; the input of another orchestrator, or the body of a repeat, can say it.");
        if (node.Tool is { } tool) CheckTool(tool, $"{path}.tool");
        if (node.Model is { } model) CheckModel(model, $"{path}.model");
        if (node.SubOrchestrator is { } sub) CheckSub(sub, $"{path}.subOrchestrator");
        if (node.Approval is { } approval) ApprovalValidation.Check(approval, $"{path}.approval.", errors);
        if (node.Condition is { } condition) ConditionRules.Check(condition, $"{path}.condition", errors);
        if (node.Repeat is not { } repeat) return;
        errors.AddIf(repeat.MaxIterations is < 1 or > 100, $"{path}.repeat.maxIterations", $"maxIterations is {repeat.MaxIterations}. It must be 1 to 100.");
        ConditionRules.Check(repeat.Until, $"{path}.repeat.until", errors);
    }

    private void CheckTool(GraphTool tool, string path)
    {
        errors.AddIf(string.IsNullOrWhiteSpace(tool.Name), $"{path}.name", "The tool's name is empty. Name a registered tool.");
        if (tool.Arguments is not { ValueKind: not JsonValueKind.Null } arguments) return;
        errors.AddIf(arguments.ValueKind != JsonValueKind.Object, $"{path}.arguments", $"The arguments are of kind {arguments.ValueKind}. Send a JSON object, or leave them out.");
        CheckTemplate(arguments, $"{path}.arguments");
    }

    private void CheckModel(GraphModel model, string path)
    {
        errors.AddIf(string.IsNullOrWhiteSpace(model.Name), $"{path}.name", "The model is empty. Name a tier (fast, balanced, capable), auto, or a configured model.");
        errors.AddIf(model.Instructions.Length > 20_000, $"{path}.instructions", $"The instructions have {model.Instructions.Length} characters. Send at most 20,000.");
        errors.AddIf(string.IsNullOrWhiteSpace(model.Prompt) || model.Prompt.Length > 100_000, $"{path}.prompt", $"The prompt has {model.Prompt.Length} characters, or only white space. Send 1 to 100,000; put longer texts in 'state' and name them by {{{{path}}}}.");
        errors.AddIf(model.MaxOutputTokens is < 1 or > 100_000, $"{path}.maxOutputTokens", $"maxOutputTokens is {model.MaxOutputTokens}. It must be 1 to 100,000.");
        errors.AddIf(model.Temperature is not (null or (>= 0 and <= 2)), $"{path}.temperature", $"temperature is {model.Temperature}. It must be 0 to 2.");
        foreach (var wrong in model.Accept is { } accept ? AnswerCheckRules.Errors(accept, "accept") : []) errors.AddIf(true, $"{path}.accept", wrong);
    }

    private void CheckSub(GraphSubOrchestrator sub, string path)
    {
        if (!catalog.Orchestrators.TryGetValue(sub.Name, out var registration) || registration.Internal)
        {
            errors.AddIf(true, $"{path}.name", $"There is no orchestrator '{sub.Name}'. There are: {string.Join(", ", catalog.PublicOrchestratorNames)}.");
            return;
        }

        if (!CheckTemplate(sub.Input, $"{path}.input") || JsonTemplate.Constant(sub.Input) is not { } input) return;
        try
        {
            foreach (var (inner, messages) in registration.Validate(input, catalog.Json).ByPath)
            {
                foreach (var message in messages) errors.AddIf(true, $"{path}.input.{inner}", message);
            }
        }
        catch (JsonException exception)
        {
            errors.AddIf(true, $"{path}.input{exception.Path?.TrimStart('$')}", $"The input does not fit {registration.Name}: {exception.Message}");
        }
    }

    private bool CheckTemplate(JsonElement template, string path)
    {
        if (JsonTemplate.Fault(template) is not { } fault) return true;
        errors.AddIf(true, path, fault);
        return false;
    }
}
