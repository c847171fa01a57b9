using MtlHybrid.Experiments.Toy;

if (args is ["toy", ..]) return ToyRun.Execute(args);

Console.Error.WriteLine("usage: toy FOLDER [--steps N]");
return 2;
