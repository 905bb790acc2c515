using System.Globalization;
using AgentFunctions.Core.Durable;
using AgentFunctions.Core.Policies;
using AgentFunctions.Core.Policies.Balancing;

namespace AgentFunctions.Core.Models.Deployments;

/// <summary>One error for a call that no deployment of a model takes: why each does not, and when the first may again.</summary>
internal static class NoDeployment
{
    private const int LongestReason = 300;

    /// <summary>
    /// What is thrown where all that were worth asking have refused. An open circuit where nothing else keeps a call back, a refusal for now where one may serve again, and a permanent
    /// failure where all refuse whatever they are asked.
    /// </summary>
    /// <param name="model">The model's name.</param>
    /// <param name="deployments">Each deployment, with its refusal of this call where it was asked.</param>
    public static Exception Refused(string model, IReadOnlyList<(DeploymentStanding Standing, Exception? Refusal)> deployments)
    {
        var reasons = string.Join("; ", deployments.Select(ReasonOf));
        var none = $"None of the {deployments.Count} deployments of '{model}' takes this call";
        var back = deployments.Where(one => one.Refusal is not DeploymentRefusedException).OrderBy(WaitOf).ToList();
        if (back is not [var first, ..]) return new DeploymentRefusedException($"{none}. {reasons}", deployments[0].Refusal);
        var wait = WaitOf(first);
        if (back.TrueForAll(IsOpenCircuit)) return new CircuitOpenException(first.Standing.Name, string.Create(CultureInfo.InvariantCulture, $"{none}. Come back in {wait.TotalSeconds:0.0} s. {reasons}"), wait);

        // Where no deployment says when, how long to wait is for the caller's own backoff.
        var isNamed = back.Exists(one => one.Refusal is null or ThrottledException { RetryAfter: not null });
        var when = isNamed ? string.Create(CultureInfo.InvariantCulture, $" Come back in {wait.TotalSeconds:0.0} s.") : "";
        return new ThrottledException($"{none}.{when} {reasons}", isNamed ? wait : null, back.Select(one => one.Refusal).FirstOrDefault(refusal => refusal is not null));
    }

    /// <summary>What a failure is told as where no other deployment is well, so that a retry finds none either; null where it can go on as it is.</summary>
    /// <param name="model">The model's name.</param>
    /// <param name="error">The failure.</param>
    /// <param name="deployments">Each deployment, with its refusal of this call where it was asked and refused.</param>
    /// <param name="failed">The place of the one that failed.</param>
    public static Exception? Failed(string model, Exception error, IReadOnlyList<(DeploymentStanding Standing, Exception? Refusal)> deployments, int failed)
    {
        var others = deployments.Where((_, place) => place != failed).ToList();
        if (others.Count == 0 || others.Exists(one => one.Standing.Standing is Standing.Open or Standing.Due)) return null;
        var reasons = string.Join("; ", others.Select(ReasonOf));
        var message = string.Create(CultureInfo.InvariantCulture, $"{deployments[failed].Standing.Name} failed: {error.Message} No other deployment of '{model}' is well; the first is tried again in {others.Min(one => one.Standing.Wait).TotalSeconds:0.0} s. {reasons}");
        return error switch
        {
            ModelUnavailableException => new ModelUnavailableException(message, error),
            TimeoutException => new TimeoutException(message, error),
            _ => null,
        };
    }

    private static string ReasonOf((DeploymentStanding Standing, Exception? Refusal) one) =>
        $"{one.Standing.Name} {(one.Refusal is { } refusal ? $"refuses: {refusal.Message.Shortened(LongestReason)}" : one.Standing.ToString())}";

    private static TimeSpan WaitOf((DeploymentStanding Standing, Exception? Refusal) one) => (one.Refusal as ThrottledException)?.RetryAfter ?? one.Standing.Wait;

    private static bool IsOpenCircuit((DeploymentStanding Standing, Exception? Refusal) one) =>
        one.Refusal is null ? string.Equals(one.Standing.LastFailure, nameof(CircuitOpenException), StringComparison.Ordinal) : one.Refusal is CircuitOpenException;
}
