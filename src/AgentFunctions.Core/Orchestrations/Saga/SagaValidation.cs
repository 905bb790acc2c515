using System.Text;
using System.Text.Json;
using AgentFunctions.Core.Durable;
using AgentFunctions.Core.Policies;
using AgentFunctions.Core.Policies.Templating;

namespace AgentFunctions.Core.Orchestrations.Saga;

/// <summary>Says what is wrong with an input. Whether a tool exists is known only where it is called: there it is a refusal.</summary>
internal static class SagaValidation
{
    public const int MostSteps = 100;
    private const int MostBytes = 32 * 1024;

    public static void Check(SagaInput input, InputErrors errors)
    {
        errors.AddIf(input.Steps.Count is 0 or > MostSteps, "steps", $"There are {input.Steps.Count} steps. Send 1 to {MostSteps}.");
        CheckRetry(input.CompensationRetry, "compensationRetry", errors);
        errors.AddIf(input.ParkFor <= TimeSpan.Zero || input.ParkFor > TimeSpan.FromDays(365), "parkFor", $"parkFor is {input.ParkFor}. It must be above 0 and at most 365 days.");
        if (input.Steps.Count > MostSteps) return;

        var keys = new InputKeys(errors);
        var earlier = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < input.Steps.Count; i++)
        {
            if (input.Steps[i] is not { } step)
            {
                errors.AddIf(true, $"steps[{i}]", "The step is null. Send an object with 'key' and 'tool'.");
                continue;
            }

            CheckStep(step, $"steps[{i}]", keys, earlier, errors);
            earlier.Add(step.Key);
        }
    }

    private static void CheckStep(SagaStep step, string path, InputKeys keys, HashSet<string> earlier, InputErrors errors)
    {
        keys.Add(step.Key, $"{path}.key");
        errors.AddIf(step.Key.Any(character => !char.IsAsciiLetterOrDigit(character) && character is not ('-' or '_')), $"{path}.key", $"The key '{step.Key}' has other characters than letters, digits, _ and -, so that idempotency keys and paths can't hold it. Leave these out.");
        CheckTool(step.Tool, $"{path}.tool", errors);
        CheckTimeout(step.Timeout, $"{path}.timeout", errors);
        CheckRetry(step.Retry, $"{path}.retry", errors);
        CheckArguments(step.Arguments, $"{path}.arguments", earlier, own: null, errors);
        if (step.Compensation is not { } compensation) return;

        CheckTool(compensation.Tool, $"{path}.compensation.tool", errors);
        CheckTimeout(compensation.Timeout, $"{path}.compensation.timeout", errors);
        CheckArguments(compensation.Arguments, $"{path}.compensation.arguments", earlier, step, errors);
    }

    private static void CheckTool(string tool, string path, InputErrors errors) =>
        errors.AddIf(string.IsNullOrWhiteSpace(tool) || tool.Length > 100, path, $"The tool's name has {tool.Length} characters. Name a registered tool, in 1 to 100.");

    private static void CheckTimeout(TimeSpan timeout, string path, InputErrors errors) =>
        errors.AddIf(timeout <= TimeSpan.Zero || timeout > TimeSpan.FromDays(1), path, $"The timeout is {timeout}. It must be above 0 and at most 1 day (1.00:00:00).");

    private static void CheckRetry(SagaRetry retry, string path, InputErrors errors)
    {
        if (new RetryPolicy { MaxAttempts = retry.MaxAttempts, BaseDelay = retry.BaseDelay, MaxDelay = retry.MaxDelay }.Fault() is { } fault) errors.AddIf(true, path, fault);
    }

    private static void CheckArguments(JsonElement? given, string path, HashSet<string> earlier, SagaStep? own, InputErrors errors)
    {
        if (given is not { } arguments || arguments.ValueKind == JsonValueKind.Null) return;
        errors.AddIf(arguments.ValueKind != JsonValueKind.Object, path, $"The arguments are of kind {arguments.ValueKind}. Send a JSON object, or leave them out.");
        var bytes = Encoding.UTF8.GetByteCount(arguments.GetRawText());
        errors.AddIf(bytes > MostBytes, path, $"The arguments have {bytes} bytes. Send at most {MostBytes}; pass larger values by reference.");
        if (JsonTemplate.Fault(arguments) is { } fault) errors.AddIf(true, path, fault);
        foreach (var use in JsonTemplate.Uses(arguments))
        {
            var isOwn = own is not null && string.Equals(use.Root, own.Key, StringComparison.Ordinal);
            errors.AddIf(isOwn && own!.Compensation!.SafeIfUnknown && !use.HasDefault, path, $"'{use.Path}' is of the step's own answer, which is not there when nobody knows whether it took effect. Give a default, set 'safeIfUnknown' to false, or use arguments that are known before.");
            errors.AddIf(!isOwn && !earlier.Contains(use.Root), path, $"'{use.Path}' is asked for, but '{use.Root}' is no earlier step. Begin the path with the key of an earlier step{(own is null ? "" : ", or of the step that is undone")}.");
        }
    }
}
