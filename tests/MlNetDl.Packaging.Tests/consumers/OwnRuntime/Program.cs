System.Console.WriteLine(typeof(MlNetDl.MlNet.NeuralNetworkTransformer).Name);
