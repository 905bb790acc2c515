using AgentFunctions.Core.Orchestrations.Approval;
using FsCheck;
using FsCheck.Fluent;

namespace AgentFunctions.Core.Tests.Orchestrations.Approval;

public sealed class ApprovalScheduleTests
{
    private static readonly DateTimeOffset start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Next_AnySettingsHandledWhenDue_GoesThroughAllInOrderOfTimeAndEndsWithTheExpiry() =>
        Prop.ForAll(Settings, settings =>
        {
            var (after, every, count, escalate, expire) = settings;
            var schedule = new ApprovalSchedule(Input(after, every, count, escalate, expire), start);
            var (steps, reminded, escalated) = (new List<ApprovalDue>(), 0, false);
            while (schedule.Next(reminded, escalated) is { } due)
            {
                steps.Add(due);
                if (due.Step == ApprovalStep.Expire) break;
                if (due.Step == ApprovalStep.Escalate) escalated = true;
                else reminded = schedule.Reminded(due.At, reminded);
            }

            Assert.Equal(steps.OrderBy(due => due.At), steps);
            Assert.Equal(start.AddSeconds(expire), steps[^1].At);
            Assert.Equal(ApprovalStep.Expire, steps[^1].Step);
            Assert.Equal(escalate < expire ? 1 : 0, steps.Count(due => due.Step == ApprovalStep.Escalate));
            Assert.Equal(Enumerable.Range(0, count).Count(i => after + (i * every) < expire), steps.Count(due => due.Step == ApprovalStep.Remind));
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Reminded_TimePassedWhileSuspended_IsNotMadeUpFor()
    {
        var schedule = new ApprovalSchedule(Input(10, 10, 5, 1_000, 2_000), start);
        Assert.Equal(3, schedule.Reminded(start.AddSeconds(35), 0));
        Assert.Equal(new ApprovalDue(ApprovalStep.Remind, start.AddSeconds(40)), schedule.Next(3, escalated: false));
    }

    private static Arbitrary<(int After, int Every, int Count, int Escalate, int Expire)> Settings =>
        (from after in Gen.Choose(1, 50)
         from every in Gen.Choose(1, 20)
         from count in Gen.Choose(1, 12)
         from escalate in Gen.Choose(1, 150)
         from expire in Gen.Choose(1, 150)
         select (after, every, count, escalate, expire)).ToArbitrary();

    private static ApprovalInput Input(int after, int every, int count, int escalate, int expire) => new()
    {
        Title = "t",
        Reminders = new() { After = TimeSpan.FromSeconds(after), Every = TimeSpan.FromSeconds(every), Count = count },
        Escalation = new() { After = TimeSpan.FromSeconds(escalate), Approvers = ["b"] },
        Expiry = new() { After = TimeSpan.FromSeconds(expire), Decision = "reject" },
    };
}
