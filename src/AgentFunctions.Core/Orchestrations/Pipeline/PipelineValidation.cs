using System.Globalization;
using System.Text;
using System.Text.Json;
using AgentFunctions.Core.Activities;
using AgentFunctions.Core.Caching;
using AgentFunctions.Core.Durable;
using AgentFunctions.Core.Policies.Templating;

namespace AgentFunctions.Core.Orchestrations.Pipeline;

/// <summary>Says what is wrong with an input. Whether a tool exists is known only where it is called: there it is a permanent failure of its item.</summary>
internal static class PipelineValidation
{
    public const int MostItems = 10_000;
    public const int MostStages = 10;
    private const int LongestText = 4_000;
    private const int MostArgumentBytes = 4_096;
    private const int MostErrors = 100;

    public static void Check(PipelineInput input, InputErrors errors)
    {
        errors.AddIf(input.Items.Count is 0 or > MostItems, "items", $"There are {input.Items.Count.ToString("N0", CultureInfo.InvariantCulture)} items. Send 1 to 10,000.");
        errors.AddIf(input.Stages.Count is 0 or > MostStages, "stages", $"There are {input.Stages.Count} stages. Send 1 to {MostStages}.");
        CacheSettingsRules.Check(input.Cache, "cache", errors);
        if (input.Items.Count > MostItems || input.Stages.Count > MostStages) return;

        var stageKeys = new InputKeys(errors);
        for (var i = 0; i < input.Stages.Count; i++) CheckStage(input.Stages[i], $"stages[{i}]", stageKeys, errors);
        var itemKeys = new InputKeys(errors);
        for (var i = 0; i < input.Items.Count && errors.ByPath.Count < MostErrors; i++) CheckItem(input.Items[i], i, itemKeys, errors);
    }

    private static void CheckItem(PipelineItem? item, int place, InputKeys keys, InputErrors errors)
    {
        if (item is null)
        {
            errors.AddIf(true, $"items[{place}]", "The item is null. Send an object with 'value' or 'ref'.");
            return;
        }

        keys.Add(item.Key ?? place.ToString(CultureInfo.InvariantCulture), $"items[{place}].key");
        var hasValue = item.Value is { ValueKind: not JsonValueKind.Null };
        if (hasValue == item.Ref is not null) errors.AddIf(true, $"items[{place}]", $"The item has {(hasValue ? "both" : "neither")} of 'value' and 'ref'. Set exactly one.");
        if (item.Ref is { } address && !address.IsValid()) errors.AddIf(true, $"items[{place}].ref", $"'{address.Sha256}' with length {address.Length} is no content address. Send 64 lower-case hexadecimal digits as 'sha256' and the number of bytes as 'length'.");
    }

    private static void CheckStage(PipelineStage? stage, string path, InputKeys keys, InputErrors errors)
    {
        if (stage is null)
        {
            errors.AddIf(true, path, "The stage is null. Send an object with 'key' and 'tool' or 'model'.");
            return;
        }

        keys.Add(stage.Key, $"{path}.key");
        CacheSettingsRules.Check(stage.Cache, $"{path}.cache", errors);
        errors.AddIf(string.IsNullOrWhiteSpace(stage.Tool) == string.IsNullOrWhiteSpace(stage.Model), path, $"The stage has {(string.IsNullOrWhiteSpace(stage.Tool) ? "neither" : "both")} of 'tool' and 'model'. Set exactly one.");
        if (stage.Tool is null) CheckModel(stage, path, errors);
        else CheckTool(stage, path, errors);
        errors.AddIf(stage.MaxParallel is < 1 or > 1_000, $"{path}.maxParallel", $"maxParallel is {stage.MaxParallel}. It must be 1 to 1,000.");
        errors.AddIf(stage.Buffer is < 1 or > 10_000, $"{path}.buffer", $"The buffer is {stage.Buffer}. It must be 1 to 10,000.");
        errors.AddIf(stage.Timeout <= TimeSpan.Zero || stage.Timeout > TimeSpan.FromDays(1), $"{path}.timeout", $"The timeout is {stage.Timeout}. It must be above 0 and at most 1 day (1.00:00:00).");
        errors.AddIf(stage.MaxAttempts is < 1 or > 10, $"{path}.maxAttempts", $"maxAttempts is {stage.MaxAttempts}. It must be 1 to 10.");
    }

    private static void CheckModel(PipelineStage stage, string path, InputErrors errors)
    {
        errors.AddIf(stage.Arguments is not null, $"{path}.arguments", "A model takes no arguments. Use 'prompt', or name a tool.");
        errors.AddIf(stage.Prompt is { Length: 0 or > LongestText }, $"{path}.prompt", $"The prompt has {stage.Prompt?.Length} characters. Give it 1 to 4,000, or leave it out.");
        if (stage.Prompt is { } prompt)
        {
            errors.AddIf(!TextTemplate.Uses(prompt).Any(), $"{path}.prompt", "The prompt has no {{item}}. Write it where the item belongs, or {{item.id}} where a value of it does.");
            CheckUses(TextTemplate.Uses(prompt), $"{path}.prompt", errors);
        }

        errors.AddIf(stage.Instructions is not null && (string.IsNullOrWhiteSpace(stage.Instructions) || stage.Instructions.Length > LongestText), $"{path}.instructions", $"The instructions have {stage.Instructions?.Length} characters, {stage.Instructions?.Trim().Length} without white space at either end. Give them 1 to 4,000, or leave them out.");
    }

    private static void CheckTool(PipelineStage stage, string path, InputErrors errors)
    {
        errors.AddIf(stage.Prompt is not null || stage.Instructions is not null, $"{path}.prompt", "A tool takes no prompt and no instructions. Use 'arguments', or name a model.");
        if (stage.Arguments is not { ValueKind: not JsonValueKind.Null } arguments) return;
        errors.AddIf(arguments.ValueKind != JsonValueKind.Object, $"{path}.arguments", $"The arguments are of kind {arguments.ValueKind}. Send a JSON object, or leave them out.");
        var bytes = Encoding.UTF8.GetByteCount(arguments.GetRawText());
        errors.AddIf(bytes > MostArgumentBytes, $"{path}.arguments", $"The arguments have {bytes} bytes. Send at most 4,096, as they are repeated for each item.");
        if (JsonTemplate.Fault(arguments) is { } fault) errors.AddIf(true, $"{path}.arguments", fault);
        CheckUses(JsonTemplate.Uses(arguments), $"{path}.arguments", errors);
    }

    private static void CheckUses(IEnumerable<TemplateUse> uses, string path, InputErrors errors)
    {
        foreach (var use in uses) errors.AddIf(!ItemTemplate.IsKnown(use.Path), path, ItemTemplate.Unknown(use.Path));
    }
}
