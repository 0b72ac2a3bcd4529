namespace LanCollab.Tests.Contracts;

public class BackoffTests
{
    [Fact]
    public void Waits_stay_below_a_ceiling_that_doubles_up_to_the_most()
    {
        var backoff = new Backoff(TimeSpan.FromMilliseconds(200), TimeSpan.FromSeconds(10), new Random(7));
        for (int attempt = 0; attempt < 50; attempt++)
        {
            double ceiling = Math.Min(0.2 * Math.Pow(2, attempt), 10);
            Assert.InRange(backoff.Next().TotalSeconds, 0, ceiling);
        }
    }

    [Fact]
    public void After_a_success_it_starts_over()
    {
        var backoff = new Backoff(TimeSpan.FromMilliseconds(200), TimeSpan.FromSeconds(10), new Random(7));
        for (int i = 0; i < 20; i++) backoff.Next();
        backoff.Reset();
        Assert.InRange(backoff.Next().TotalSeconds, 0, 0.2);
    }
}
