using System.Text.Json;
using AgentFunctions.Core.Durable;
using AgentFunctions.Core.Orchestrations.TaskGraph;
using AgentFunctions.Core.Policies.Templating;
using AgentFunctions.Core.Serialization;
using AgentFunctions.Core.Tests.Orchestrations.Scripting;

namespace AgentFunctions.Core.Tests.Orchestrations.TaskGraph;

public sealed class ConditionRulesTests
{
    private static readonly JsonElement state = JsonElement.Parse("""{"n":1.50,"s":"beta","b":true,"z":null,"list":[1,{"x":2}],"o":{"k":1,"j":2}}""");
    private readonly ScriptedWorld world = new();

    [Theory]
    [InlineData("""{"path":"n","op":"eq","value":1.5}""", true)]
    [InlineData("""{"path":"n","op":"ne","value":1.5}""", false)]
    [InlineData("""{"path":"o","op":"eq","value":{"j":2,"k":1}}""", true)]
    [InlineData("""{"path":"z","op":"eq"}""", true)]
    [InlineData("""{"path":"z","op":"exists"}""", true)]
    [InlineData("""{"path":"missing","op":"exists"}""", false)]
    [InlineData("""{"path":"missing","op":"eq","value":1}""", false)]
    [InlineData("""{"path":"missing","op":"ne","value":1}""", true)]
    [InlineData("""{"path":"missing","op":"lt","value":1}""", false)]
    [InlineData("""{"path":"n","op":"lt","value":2}""", true)]
    [InlineData("""{"path":"n","op":"le","value":1.5}""", true)]
    [InlineData("""{"path":"n","op":"gt","value":1.5}""", false)]
    [InlineData("""{"path":"n","op":"ge","value":1.5}""", true)]
    [InlineData("""{"path":"n","op":"lt","value":1e300}""", true)]
    [InlineData("""{"path":"s","op":"gt","value":"alpha"}""", true)]
    [InlineData("""{"path":"s","op":"contains","value":"et"}""", true)]
    [InlineData("""{"path":"list","op":"contains","value":{"x":2}}""", true)]
    [InlineData("""{"path":"o","op":"contains","value":"k"}""", true)]
    [InlineData("""{"path":"list.1.x","op":"eq","value":2}""", true)]
    [InlineData("""{"and":[{"path":"b","op":"eq","value":true},{"path":"n","op":"gt","value":2}]}""", false)]
    [InlineData("""{"or":[{"path":"b","op":"eq","value":true},{"path":"n","op":"gt","value":2}]}""", true)]
    [InlineData("""{"not":{"path":"b","op":"eq","value":true}}""", false)]
    public void Holds_Condition_IsTold(string condition, bool expected) => Assert.Equal(expected, Holds(condition));

    [Theory]
    [InlineData("""{"path":"b","op":"lt","value":1}""")]
    [InlineData("""{"path":"s","op":"lt","value":1}""")]
    [InlineData("""{"path":"n","op":"contains","value":1}""")]
    public void Holds_KindsThatDoNotFit_AreAnErrorAndNotFalse(string condition) => Assert.Contains("can't be compared", Assert.Throws<PermanentFailureException>(() => Holds(condition)).Message, StringComparison.Ordinal);

    private bool Holds(string condition) => ConditionRules.Holds(DurableJson.Read<GraphCondition>(JsonElement.Parse(condition), world.Json), path => ValuePath.Find(state, path));
}
