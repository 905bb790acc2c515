using System.Text.Json;
using AgentFunctions.App.Durable;
using AgentFunctions.App.Tests.Triggers;
using AgentFunctions.Core.Durable;
using DurableTask.Core.Exceptions;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Moq;

namespace AgentFunctions.App.Tests.Durable;

public sealed class FunctionsRunClientTests
{
    private const string Begun =
        """
        {"EventType":"ExecutionStarted","FunctionName":"Main","Timestamp":"2026-01-31T12:00:00Z"},
        {"EventType":"TaskCompleted","FunctionName":"A","ScheduledTime":"2026-01-31T12:00:01.1Z","Timestamp":"2026-01-31T12:00:02Z","Result":1}
        """;

    private const string AskedForC = """
        ,{"EventType":"TaskScheduled","Name":"C","Timestamp":"2026-01-31T12:00:02.3Z"}
        """;

    private const string AllEnded =
        """
        ,{"EventType":"TaskCompleted","FunctionName":"B","ScheduledTime":"2026-01-31T12:00:01.2Z","Timestamp":"2026-01-31T12:00:02.1Z","Result":1}
        ,{"EventType":"TaskCompleted","FunctionName":"C","ScheduledTime":"2026-01-31T12:00:02.3Z","Timestamp":"2026-01-31T12:00:03Z","Result":1}
        ,{"EventType":"ExecutionCompleted","OrchestrationStatus":"Completed","Result":1,"Timestamp":"2026-01-31T12:00:04Z"}
        """;

    private readonly Mock<DurableTaskClient> durable = new("test") { CallBase = true };
    private readonly Mock<IHostHistory> host = new(MockBehavior.Strict);
    private readonly InstantTime time = new();

    [Fact]
    public async Task Watch_AStepThatEndedBeforeWhatWasToldAlready_IsStillTold()
    {
        // B ended at 2.1 s and was recorded after C had been asked for at 2.3 s; when C has ended too, the host's order puts B first.
        var looks = 0;
        Tells(() => looks++ == 0 ? Begun + AskedForC : Begun + AllEnded);
        durable.Setup(c => c.GetInstancesAsync("run", It.IsAny<bool>(), It.IsAny<CancellationToken>()))
            .ReturnsAsync(() => AppFixture.Run("run", looks < 2 ? OrchestrationRuntimeStatus.Running : OrchestrationRuntimeStatus.Completed));

        var updates = new List<RunUpdate>();
        await foreach (var update in Client().WatchAsync("run", 0))
            updates.Add(update);

        Assert.Equal(
            ["A Running", "A Completed", "C Running", "B Running", "B Completed", "C Completed"],
            updates.Where(u => u.Kind == "step").Select(u => $"{u.Data.GetProperty("name").GetString()} {u.Data.GetProperty("status").GetString()}"));
        Assert.Equal(updates.Select(u => u.Sequence).Distinct().Order(), updates.Select(u => u.Sequence));
        Assert.Equal(("started", "ended"), (updates[0].Kind, updates[^1].Kind));
    }

    [Fact]
    public async Task Terminate_LostByTheEngine_IsSentAgain()
    {
        Tells(() => Begun);
        Stands(OrchestrationRuntimeStatus.Running);
        var sent = 0;
        durable.Setup(c => c.TerminateInstanceAsync("run", It.IsAny<TerminateInstanceOptions>(), It.IsAny<CancellationToken>()))
            .Callback(() =>
            {
                if (++sent == 2)
                    Stands(OrchestrationRuntimeStatus.Terminated);
            })
            .Returns(Task.CompletedTask);

        await Client().TerminateAsync("run", "enough");

        Assert.Equal(2, sent);
    }

    [Fact]
    public async Task Terminate_NoWorkerToDoIt_GivesUpWaitingAfterSomeLooks()
    {
        Tells(() => Begun);
        Stands(OrchestrationRuntimeStatus.Running);
        durable.Setup(c => c.TerminateInstanceAsync("run", It.IsAny<TerminateInstanceOptions>(), It.IsAny<CancellationToken>())).Returns(Task.CompletedTask);

        await Client().TerminateAsync("run", "enough");

        durable.Verify(c => c.TerminateInstanceAsync("run", It.IsAny<TerminateInstanceOptions>(), It.IsAny<CancellationToken>()), Times.Exactly(3));
        Assert.Equal(TimeSpan.FromMilliseconds(3 * 750), time.Waits.Aggregate((a, b) => a + b));
    }

    [Fact]
    public async Task Restart_AnotherRestartCameFirst_IsNoFailureOfTheHost()
    {
        Stands(OrchestrationRuntimeStatus.Completed);
        durable.Setup(c => c.ScheduleNewOrchestrationInstanceAsync(It.IsAny<TaskName>(), It.IsAny<object?>(), It.IsAny<StartOrchestrationOptions>(), It.IsAny<CancellationToken>()))
            .ThrowsAsync(new OrchestrationAlreadyExistsException("It's in the Pending state."));

        await Assert.ThrowsAsync<RunNotEndedException>(() => Client().RestartAsync("run", withNewInstanceId: false));
    }

    private void Stands(OrchestrationRuntimeStatus status) =>
        durable.Setup(c => c.GetInstancesAsync("run", It.IsAny<bool>(), It.IsAny<CancellationToken>())).ReturnsAsync(AppFixture.Run("run", status));

    private void Tells(Func<string> events) =>
        host.Setup(h => h.ReadAsync(durable.Object, "run", It.IsAny<CancellationToken>())).ReturnsAsync(() => HostHistoryEvents.Read(JsonElement.Parse($"[{events()}]")));

    private FunctionsRunClient Client()
    {
        durable.Setup(c => c.GetAllInstancesAsync(It.IsAny<OrchestrationQuery>())).Returns(Pageable.Create((_, _, _) => Task.FromResult(new Page<OrchestrationMetadata>([], continuationToken: null))));
        return new FunctionsRunClient(durable.Object, AppServices.CreateCatalog(), new MemoryCancellationBoard(), new RunHistory(host.Object), time);
    }
}
