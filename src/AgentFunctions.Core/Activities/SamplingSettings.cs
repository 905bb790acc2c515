using AgentFunctions.Core.Durable;

namespace AgentFunctions.Core.Activities;

/// <summary>What a call may set of how a model answers.</summary>
internal static class SamplingSettings
{
    /// <summary>Refuses what is out of range: 1 to 100,000 tokens, a temperature of 0 to 2.</summary>
    /// <exception cref="PermanentFailureException">A setting is out of its range.</exception>
    public static void Check(int? maxOutputTokens, float? temperature)
    {
        if (maxOutputTokens is < 1 or > 100_000) throw new PermanentFailureException($"maxOutputTokens is {maxOutputTokens}. Set it to between 1 and 100,000.");
        if (temperature is < 0 or > 2 or float.NaN) throw new PermanentFailureException($"temperature is {temperature}. Set it to between 0 and 2.");
    }
}
