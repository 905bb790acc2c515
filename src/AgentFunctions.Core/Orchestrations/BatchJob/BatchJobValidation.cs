using AgentFunctions.Core.Activities;
using AgentFunctions.Core.Durable;
using AgentFunctions.Core.Models;

namespace AgentFunctions.Core.Orchestrations.BatchJob;

/// <summary>Says what is wrong with a batch job's input.</summary>
internal static class BatchJobValidation
{
    private const int MostItems = 50_000;
    private const int LongestText = 1_000_000;
    private const int LongestInstructions = 8000;
    private const int MostErrors = 100;

    public static void Check(BatchJobInput input, InputErrors errors)
    {
        errors.AddIf(input.ItemsRef is null && input.Items.Count is 0 or > MostItems, "items", $"There are {input.Items.Count} requests. Send 1 to {MostItems}.");
        errors.AddIf(input.ItemsRef is not null && input.Items.Count > 0, "itemsRef", "Both 'items' and 'itemsRef' are set. Set one of them.");
        errors.AddIf(input.ItemsRef is { } address && !address.IsValid(), "itemsRef", $"'{input.ItemsRef?.Sha256}' ({input.ItemsRef?.Length} bytes) is no content address. Use 64 lower-case hexadecimal digits and a length that is not negative.");
        errors.AddIf(input.Instructions is { Length: > LongestInstructions }, "instructions", $"The instructions have {input.Instructions?.Length} characters. Give at most {LongestInstructions}.");
        errors.AddIf(string.IsNullOrWhiteSpace(input.Model), "model", "The model's name is empty. Name a tier or a configured model.");
        errors.AddIf(string.Equals(input.Model, ModelTiers.Auto, StringComparison.OrdinalIgnoreCase), "model", $"The model is '{input.Model}', which is chosen for each call, but a batch goes to one. Name a tier or a configured model.");
        errors.AddIf(input.MaxOutputTokens is < 1 or > 100_000, "maxOutputTokens", $"maxOutputTokens is {input.MaxOutputTokens}. It must be 1 to 100,000.");
        errors.AddIf(input.Temperature is < 0 or > 2 or float.NaN, "temperature", $"The temperature is {input.Temperature}. It must be 0 to 2.");
        CheckPolling(input.Polling, errors);
        var keys = new InputKeys(errors);
        for (var i = 0; i < Math.Min(input.Items.Count, MostItems) && errors.ByPath.Count < MostErrors; i++) CheckItem(input.Items[i], i, keys, errors);
    }

    private static void CheckItem(BatchItem? item, int place, InputKeys keys, InputErrors errors)
    {
        if (item is null)
        {
            errors.AddIf(true, $"items[{place}]", "The request is null. Send an object with 'key' and 'text'.");
            return;
        }

        keys.Add(item.Key, $"items[{place}].key");
        errors.AddIf(string.IsNullOrWhiteSpace(item.Text), $"items[{place}].text", "The text is empty. Say what is asked.");
        errors.AddIf(item.Text.Length > LongestText, $"items[{place}].text", $"The text has {item.Text.Length} characters. Give at most {LongestText}.");
    }

    private static void CheckPolling(BatchJobOptions polling, InputErrors errors)
    {
        errors.AddIf(polling.FirstInterval < TimeSpan.FromMilliseconds(100) || polling.FirstInterval > TimeSpan.FromHours(1), "polling.firstInterval", $"The first interval is {polling.FirstInterval}. It must be 100 ms to 1 hour.");
        errors.AddIf(polling.Growth is not (>= 1 and <= 10), "polling.growth", $"The growth is {polling.Growth}. It must be 1 to 10.");
        errors.AddIf(polling.LongestInterval < polling.FirstInterval || polling.LongestInterval > TimeSpan.FromDays(1), "polling.longestInterval", $"The longest interval is {polling.LongestInterval}. It must be at least the first ({polling.FirstInterval}), and at most 1 day.");
        errors.AddIf(polling.Patience < TimeSpan.FromSeconds(1) || polling.Patience > TimeSpan.FromDays(7), "polling.patience", $"The patience is {polling.Patience}. It must be 1 s to 7 days.");
    }
}
