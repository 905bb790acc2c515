using System.Globalization;
using AgentFunctions.Core.Policies.Balancing;

namespace AgentFunctions.Core.Models.Deployments;

/// <summary>Where a deployment stands, for who has to tell why none took a call.</summary>
/// <param name="Name">Its name: model@host.</param>
/// <param name="Standing">Whether it may be called.</param>
/// <param name="Reason">Why it was left, if it is.</param>
/// <param name="Wait">How long until it may be called; zero where it may, or is being tried.</param>
/// <param name="LastFailure">The type of its last failure or refusal, without the message, which may be another tenant's; null where there was none.</param>
internal sealed record DeploymentStanding(string Name, Standing Standing, LeftFor Reason, TimeSpan Wait, string? LastFailure)
{
    /// <summary>Why a call was not sent there, in words.</summary>
    public override string ToString()
    {
        var what = Reason switch
        {
            LeftFor.Failure => "has failed",
            LeftFor.Slowness => "is too slow",
            _ => "has refused",
        };
        var when = Wait > TimeSpan.Zero ? string.Create(CultureInfo.InvariantCulture, $"is left alone for {Wait.TotalSeconds:0.0} s more") : "is being tried";
        return Standing is Standing.Open or Standing.Due ? "may be called" : $"{what}{(LastFailure is null ? "" : $" ({LastFailure})")} and {when}";
    }
}
