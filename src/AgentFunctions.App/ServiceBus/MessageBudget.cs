using System.Globalization;
using AgentFunctions.Api.Budgets;
using AgentFunctions.Api.Problems;
using AgentFunctions.Api.Requests;
using AgentFunctions.Core.Policies.Budgets;

namespace AgentFunctions.App.ServiceBus;

/// <summary>What the run that a message starts may spend: the application properties <c>budget</c> (US dollars) and <c>budgetTokens</c>, as texts or numbers.</summary>
internal static class MessageBudget
{
    /// <summary>The budget that the message names, or null where it names none.</summary>
    /// <exception cref="ProblemException">It is none.</exception>
    public static BudgetLimit? Read(AgentTaskMessage message) =>
        StartBudget.Of(TextOf(message, StartBudget.Usd), TextOf(message, StartBudget.Tokens), (name, fault, rule) => new ProblemException(ProblemKind.InvalidRequest, $"The message's property '{name}' {fault}. {rule}"));

    private static string? TextOf(AgentTaskMessage message, string property) => message.ApplicationProperties.GetValueOrDefault(property) switch
    {
        null => null,
        double number => Shown.Of(number.ToString("0.############", CultureInfo.InvariantCulture)),
        float number => Shown.Of(number.ToString("0.######", CultureInfo.InvariantCulture)),
        IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
        var other => other.ToString() ?? "",
    };
}
