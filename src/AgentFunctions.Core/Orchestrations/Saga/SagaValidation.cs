using System.Text;
using System.Text.Json;
using AgentFunctions.Core.Durable;
using AgentFunctions.Core.Policies;

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
        errors.AddIf(step.Key.Any(character => !char.IsAsciiLetterOrDigit(character) && character is not ('-' or '_' or '.')), $"{path}.key", $"The key '{step.Key}' has characters that idempotency keys can't hold. Use letters, digits, '-', '_' and '.'.");
        CheckTool(step.Tool, $"{path}.tool", errors);
        CheckTimeout(step.Timeout, $"{path}.timeout", errors);
        CheckRetry(step.Retry, $"{path}.retry", errors);
        CheckArguments(step.Arguments, $"{path}.arguments", earlier, own: null, errors);
        if (step.Compensation is not { } compensation) return;

        CheckTool(compensation.Tool, $"{path}.compensation.tool", errors);
        CheckTimeout(compensation.Timeout, $"{path}.compensation.timeout", errors);
        CheckArguments(compensation.Arguments, $"{path}.compensation.arguments", earlier, compensation, errors);
    }

    private static void CheckTool(string tool, string path, InputErrors errors) =>
        errors.AddIf(string.IsNullOrWhiteSpace(tool) || tool.Length > 100, path, $"The tool's name has {tool.Length} characters. Name a registered tool, in 1 to 100.");

    private static void CheckTimeout(TimeSpan timeout, string path, InputErrors errors) =>
        errors.AddIf(timeout <= TimeSpan.Zero || timeout > TimeSpan.FromDays(1), path, $"The timeout is {timeout}. It must be above 0 and at most 1 day (1.00:00:00).");

    private static void CheckRetry(SagaRetry retry, string path, InputErrors errors)
    {
        if (new RetryPolicy { MaxAttempts = retry.MaxAttempts, BaseDelay = retry.BaseDelay, MaxDelay = retry.MaxDelay }.Fault() is { } fault) errors.AddIf(true, path, fault);
    }

    private static void CheckArguments(JsonElement? given, string path, HashSet<string> earlier, SagaCompensation? own, InputErrors errors)
    {
        if (given is not { } arguments || arguments.ValueKind == JsonValueKind.Null) return;
        errors.AddIf(arguments.ValueKind != JsonValueKind.Object, path, $"The arguments are of kind {arguments.ValueKind}. Send a JSON object, or leave them out.");
        var bytes = Encoding.UTF8.GetByteCount(arguments.GetRawText());
        errors.AddIf(bytes > MostBytes, path, $"The arguments have {bytes} bytes. Send at most {MostBytes}; pass larger values by reference.");
        try
        {
            foreach (var (step, pointer) in SagaTemplate.Arguments.References(arguments))
            {
                errors.AddIf(step is null && own is null, path, $"The reference to '{pointer}' names no step. Add '$of' with the key of an earlier step.");
                errors.AddIf(step is null && own is { SafeIfUnknown: true }, path, $"The reference to '{pointer}' is to the step's own answer, which is not there when nobody knows whether it took effect. Set 'safeIfUnknown' to false, or use arguments that are known before.");
                errors.AddIf(step is not null && !earlier.Contains(step), path, $"The reference to '{pointer}' is to '{step}', which is no earlier step. Name an earlier one in '$of'.");
            }
        }
        catch (FormatException exception)
        {
            errors.AddIf(true, path, exception.Message);
        }
    }
}
